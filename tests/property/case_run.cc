#include "property/case_run.h"

#include <fmt/format.h>
#include <gtest/gtest-spi.h>

#include <algorithm>
#include <optional>

#include "ledger/v1/commands.pb.h"
#include "pawl/codec/command_encoder.h"
#include "pawl/codec/message_id.h"

namespace pawl::test {
namespace {

namespace v1 = ledger::v1;
using namespace std::chrono_literals;

constexpr const char* kTopic = "ledger.commands";
constexpr std::int64_t kAccounts = 4;
constexpr std::int64_t kLimit = 1'000'000;
constexpr std::int64_t kPoorLimit = 3;
constexpr auto kAgeMax = 24h;
constexpr WallTime kBegin{1'800'000'000'000ms};

TopicPartition lane(int partition) {
  return {kTopic, partition};
}

int partition_of(const std::optional<std::string>& key) {
  return key ? (key->back() - '0') % 2 : 0;
}

std::string memo_of(const Publication& command) {
  const std::string times = command.times >= kAlways ? "" : " " + std::to_string(command.times);
  switch (command.mood) {
    case Mood::throws:
      return "throw" + times;
    case Mood::asks_later:
      return "later" + times;
    case Mood::is_refused:
      return "poison" + times;
    case Mood::succeeds:
    case Mood::rejects:
    case Mood::cannot_be_read:
      return "";
  }
  return "";
}

std::string payload_of(const Publication& command) {
  if (command.mood == Mood::cannot_be_read) return "\xff\xff";
  v1::TransferFunds transfer;
  transfer.set_debit_account_id(command.debit);
  transfer.set_credit_account_id(command.credit);
  transfer.set_amount(command.amount);
  transfer.set_currency("EUR");
  transfer.set_memo(memo_of(command));
  return transfer.SerializeAsString();
}

engine::EngineSettings settings_of(const Case& run) {
  engine::EngineSettings settings;
  settings.consumer = "ledger";
  settings.events_topic = "ledger.events";
  settings.dead_letter_topic = "ledger.commands.ledger.dead";
  settings.in_flight = run.in_flight;
  settings.overlap_min = 1;
  settings.batch_commands_max = static_cast<std::size_t>(run.batch_commands_max);
  settings.parked_per_key_max = static_cast<std::size_t>(run.parked_per_key_max);
  const RetryPolicy policy{.attempts_max = run.attempts_max,
                           .immediate = run.immediate,
                           .backoff = {1min, 30min},
                           .age_max = kAgeMax};
  settings.retry = {policy, policy, policy};
  settings.on_failure[v1::TransferFunds{}.GetTypeName()] = run.on_failure;
  return settings;
}

}  // namespace

CaseRun::CaseRun(const Case& run, CaseWorld& world)
    : case_(run),
      surroundings_(world),
      world_(world.world()),
      clock_(kBegin),
      settings_(settings_of(run)) {
  for (const int partition : {0, 1}) topics_.partitions[lane(partition)];
  for (std::int64_t account = 1; account <= kAccounts; ++account) {
    world_.foreign_open(account, account == kPoorAccount ? kPoorLimit : kLimit);
    history_.foreign.push_back({account, 1, 0});
  }
  make(0);
}

// What the fakes find wrong belongs to the case: it may be one that has to fail, or that shrinks.
std::string CaseRun::broken_promise() {
  testing::TestPartResultArray results;
  const testing::ScopedFakeTestPartResultReporter reporter(
      testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
  const std::string broken = run();
  return broken.empty() && results.size() > 0 ? results.GetTestPartResult(0).message() : broken;
}

std::string CaseRun::run() {
  for (std::size_t i = 0; i < case_.operations.size(); ++i) {
    std::visit(*this, case_.operations[i]);
    note();
    const std::string broken = promises().broken_now();
    if (!broken.empty()) return fmt::format("after operation {}: {}", i + 1, broken);
  }
  calm_down();
  drain();
  if (restless_) return "the engines never rest";
  return promises().broken_at_the_end(ends());
}

// ---- commands

void CaseRun::operator()(const Publish& each) {
  const Publication publication = publication_of(each);
  publish(publication, v1::TransferFunds{}.GetTypeName(), payload_of(publication));
}

Publication CaseRun::publication_of(const Publish& each) const {
  const auto count = static_cast<std::uint64_t>(history_.published.size());
  const bool repeats = each.again > 0 && count >= static_cast<std::uint64_t>(each.again);
  const Publication* twin = repeats ? &*(history_.published.end() - each.again) : nullptr;
  if (twin != nullptr && each.as_was && !twin->opens_account) return *twin;
  Publication command;
  command.id = twin != nullptr
                   ? twin->id
                   : Uuid::v7(kBegin.time_since_epoch() + std::chrono::milliseconds{count},
                              count,
                              count * 0x9E3779B97F4A7C15ULL);
  command.id_text = command.id.to_string();
  if (each.key > 0) command.key = std::to_string(each.key);
  command.mood = each.mood;
  command.times = each.times;
  command.debit = each.key > 0 ? each.key : 1;
  command.credit = 1 + (command.debit + each.to) % kAccounts;
  command.amount = each.mood == Mood::rejects ? 0 : each.amount;
  return command;
}

void CaseRun::operator()(const OpenAccount& each) {
  Publication command = publication_of({.key = each.key,
                                        .again = 0,
                                        .as_was = false,
                                        .mood = Mood::succeeds,
                                        .times = 0,
                                        .to = 0,
                                        .amount = 0});
  command.opens_account = true;
  command.debit = each.account;
  v1::OpenAccount open;
  open.set_account_id(each.account);
  open.set_currency("EUR");
  publish(command, open.GetTypeName(), open.SerializeAsString());
}

void CaseRun::publish(Publication publication,
                      const std::string& type,
                      const std::string& payload) {
  const TopicPartition to = lane(partition_of(publication.key));
  publication.time = kBegin + std::chrono::milliseconds{history_.published.size() + 1};
  const codec::CommandHeaders headers{
      .id = publication.id_text, .source = "tests", .type = type, .time = publication.time};
  const std::int64_t offset = topics_.append(
      to, {publication.key, payload, codec::command_headers(headers), publication.time});
  publication.place = {to, offset};
  history_.published.push_back(std::move(publication));
}

// ---- processes

CaseRun::Process& CaseRun::process(int number) {
  return processes_[processes_[1].worker ? static_cast<std::size_t>(number) : 0];
}

std::vector<TopicPartition> CaseRun::lanes_of(int number) const {
  std::vector<TopicPartition> lanes;
  for (const int partition : {0, 1}) {
    if (owner_[static_cast<std::size_t>(partition)] == number) lanes.push_back(lane(partition));
  }
  return lanes;
}

void CaseRun::make(int number) {
  Process& process = processes_[static_cast<std::size_t>(number)];
  process.worker.reset();
  process.worker = std::make_unique<Worker>(
      Worker::Parts{.world = world_,
                    .topics = topics_,
                    .clock = clock_,
                    .moods = moods_,
                    .settings = settings_,
                    .seed = static_cast<std::uint64_t>(case_.seed) + workers_made_++});
  assign(number);
}

void CaseRun::assign(int number) {
  Process& process = processes_[static_cast<std::size_t>(number)];
  process.outdated = false;
  process.worker->intake().assign(lanes_of(number));
}

// Bounded by the engine's own budget: after that it leaves its batches to the next owner.
void CaseRun::give_up(int number, bool lost) {
  constexpr int kStepsMax = 200;
  Process& process = processes_[static_cast<std::size_t>(number)];
  if (!process.worker) return;
  FakeIntake& intake = process.worker->intake();
  intake.revoke(lost || process.outdated);
  for (int i = 0; i < kStepsMax && !intake.answered(); ++i) step();
  if (!intake.answered()) pass(settings_.release_budget);
  for (int i = 0; i < kStepsMax && !intake.answered(); ++i) step();
  EXPECT_TRUE(intake.answered()) << "lanes are not given up";
}

void CaseRun::operator()(const Restart& each) {
  const int number = processes_[1].worker ? each.worker : 0;
  give_up(number, false);
  make(number);
}

void CaseRun::operator()(const Crash& each) {
  constexpr int kTurns = 40;
  const int number = processes_[1].worker ? each.worker : 0;
  ++history_.ends_without_a_word;
  for (int i = 0; each.server_goes_on && i < kTurns; ++i) process(number).worker->store().wait(0ms);
  make(number);
}

void CaseRun::operator()(const Rebalance& each) {
  int& owner = owner_[static_cast<std::size_t>(each.partition)];
  const int loser = owner;
  const int winner = 1 - owner;
  const bool lost = each.way == Rebalance::Way::lost;
  const bool unnoticed = each.way == Rebalance::Way::unnoticed;
  if (unnoticed)
    ++history_.ends_without_a_word;
  else
    give_up(loser, lost);
  give_up(winner, false);
  owner = winner;
  processes_[static_cast<std::size_t>(winner)].worker ? assign(winner) : make(winner);
  if (unnoticed)
    processes_[static_cast<std::size_t>(loser)].outdated = true;
  else
    assign(loser);
}

// ---- what others do

void CaseRun::operator()(const ForeignTransfer& each) {
  if (!world_.foreign_transfer(each.from, each.to, each.amount)) return;
  for (const AccountRow& row : world_.accounts()) {
    if (row.account.id == each.from || row.account.id == each.to)
      history_.foreign.push_back({row.account.id, row.version, row.account.balance});
  }
}

void CaseRun::operator()(const Redrive& each) {
  ++redrives_;
  const std::vector<PositionRow> positions = world_.positions();
  for (const Place& place : surroundings_.redrive(each.letters_max)) {
    const auto position = std::ranges::find(positions, place.first, &PositionRow::lane);
    history_.redriven[place] = {2 * position->next_offset, redrives_, place.second};
  }
}

// ---- time

void CaseRun::operator()(const Work& each) {
  for (int i = 0; i < each.steps; ++i) step();
}

void CaseRun::operator()(const Pass& each) {
  pass(std::chrono::minutes{each.minutes});
}

bool CaseRun::step() {
  bool moved = false;
  for (Process& each : processes_) {
    if (each.worker) moved |= each.worker->step();
  }
  return moved;
}

void CaseRun::pass(std::chrono::milliseconds time) {
  note();
  clock_.pass(time);
  surroundings_.pass(time);
}

// What has happened since the clock was last turned.
void CaseRun::note() {
  std::size_t noted = 0;
  for (const auto& [id, times] : history_.decided) noted += times.size();
  for (; noted < moods_.decided.size(); ++noted)
    history_.decided[moods_.decided[noted]].push_back(clock_.now());
  const std::vector<DeadRow> letters = world_.dead_letters();
  std::map<Place, int> deaths;
  for (const DeadRow& letter : letters) ++deaths[{letter.lane, letter.offset}];
  for (const auto& [place, times] : deaths) {
    if (std::exchange(deaths_noted_[place], times) != times) history_.died[place] = clock_.now();
  }
}

// ---- the end

// Nothing new goes wrong. What is still to come of the troubles does come.
void CaseRun::calm_down() {
  topics_.away = false;
  for (const int number : {0, 1}) {
    if (!processes_[static_cast<std::size_t>(number)].outdated) continue;
    give_up(number, true);
    assign(number);
  }
}

void CaseRun::drain() {
  constexpr int kPassesMax = 400;
  for (int passes = 0; passes < kPassesMax; ++passes) {
    run_until_idle();
    if (restless_ || is_drained()) break;
    pass(30min);
  }
  note();
}

// Whoever waits for a lock moves when the server has had enough of it; that takes its time, too.
void CaseRun::run_until_idle() {
  constexpr int kIdleMax = 3;
  constexpr int kIdleMaxInFlight = 200;
  constexpr int kStepsASecond = 500;
  constexpr int kStepsMax = 20'000;
  int steps = 0;
  for (int idle = 0; idle < (is_in_flight() ? kIdleMaxInFlight : kIdleMax); ++idle) {
    if (step()) idle = -1;
    if (++steps % kStepsASecond == 0) pass(1s);
    restless_ = steps == kStepsMax;
    if (restless_) return;
  }
}

bool CaseRun::is_in_flight() const {
  return std::ranges::any_of(processes_, [](const Process& each) {
    return each.worker && each.worker->status().in_flight > 0;
  });
}

bool CaseRun::is_drained() {
  const std::vector<PositionRow> positions = world_.positions();
  return positions.size() == owner_.size() && world_.held().empty() &&
         std::ranges::all_of(positions, [&](const PositionRow& row) {
           return row.next_offset == topics_.partitions.at(row.lane).end();
         });
}

std::map<TopicPartition, std::int64_t> CaseRun::ends() const {
  std::map<TopicPartition, std::int64_t> ends;
  for (const auto& [lane, partition] : topics_.partitions) ends[lane] = partition.end();
  return ends;
}

Promises CaseRun::promises() {
  std::optional<Promises> promises;
  surroundings_.at_one_moment([&] {
    promises.emplace(
        world_,
        history_,
        PromiseSettings{.events_topic = settings_.events_topic,
                        .dead_letter_topic = std::string(settings_.dead_letter_topic.name),
                        .attempts_max = case_.attempts_max,
                        .age_max = kAgeMax,
                        .on_failure = case_.on_failure});
  });
  return *std::move(promises);
}

}  // namespace pawl::test
