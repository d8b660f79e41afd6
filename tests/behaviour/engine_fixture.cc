#include "behaviour/engine_fixture.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "ledger/v1/commands.pb.h"
#include "pawl/codec/command_encoder.h"
#include "pawl/codec/message_id.h"

namespace pawl::test {

namespace v1 = ledger::v1;

void PrintTo(const Setup& setup, std::ostream* out) {
  *out << (setup.backend == Backend::fakes ? "fakes" : "postgres") << ", " << setup.in_flight
       << " in flight";
}

std::string setup_name(const testing::TestParamInfo<Setup>& info) {
  return (info.param.backend == Backend::fakes ? "fakes_" : "postgres_") +
         std::to_string(info.param.in_flight);
}

EngineTest::EngineTest()
    : EngineTest(GetParam().backend == Backend::fakes ? make_fake_world() : make_postgres_world()) {
}

EngineTest::EngineTest(std::unique_ptr<World> world) : world_(std::move(world)) {
  pause({});
  settings_.consumer = "ledger";
  settings_.events_topic = "ledger.events";
  settings_.dead_letter_topic = "ledger.commands.ledger.dead";
  settings_.in_flight = GetParam().in_flight;
  retry_with({.attempts_max = 5});
  settings_.overlap_min = 1;  // batches of a few commands show what large ones do
  for (int partition = 0; partition < 3; ++partition) topics_.partitions[lane(partition)];
}

void EngineTest::TearDown() {
  if (HasFatalFailure() || !check_books_) return;
  check_counters();
  check_money();
  check_transfers();
  check_events();
  check_dead_letters();
  check_order();
}

// ---- commands

Uuid EngineTest::uuid(int n) const {
  const auto number = static_cast<std::uint64_t>(n);
  return Uuid::v7(base_.time_since_epoch() + std::chrono::milliseconds{n},
                  number,
                  number * 0x9E3779B97F4A7C15ULL);
}

Command EngineTest::open(int n, std::int64_t account, std::int64_t limit) const {
  v1::OpenAccount command;
  command.set_account_id(account);
  command.set_currency("EUR");
  command.set_overdraft_limit(limit);
  return {id(n), command.GetTypeName(), command.SerializeAsString(), std::to_string(account)};
}

Command EngineTest::transfer(
    int n, std::int64_t from, std::int64_t to, std::int64_t amount, const std::string& memo) const {
  v1::TransferFunds command;
  command.set_debit_account_id(from);
  command.set_credit_account_id(to);
  command.set_amount(amount);
  command.set_currency("EUR");
  command.set_memo(memo);
  return {id(n), command.GetTypeName(), command.SerializeAsString(), std::to_string(from)};
}

std::int64_t EngineTest::deliver(const Command& command, int partition) {
  const codec::CommandHeaders headers{.id = command.id,
                                      .source = "tests",
                                      .type = command.type,
                                      .time = clock_.wall(),
                                      .correlation_id = command.correlation_id,
                                      .traceparent = command.traceparent};
  expect_command(command);
  deliveries_.push_back({command.id, command.key, partition});
  return topics_.append(
      lane(partition),
      {command.key, command.payload, codec::command_headers(headers), clock_.wall()});
}

std::int64_t EngineTest::deliver_garbage(const std::string& value, int partition) {
  return topics_.append(lane(partition),
                        {"garbage", value, {{"found", "in the street"}}, clock_.wall()});
}

void EngineTest::expect_command(const Command& command) {
  delivered_.try_emplace(codec::message_id("tests", command.id), command);
}

void EngineTest::open_accounts(int count) {
  for (int account = 1; account <= count; ++account) deliver(open(1000 + account, account));
  run();
  ASSERT_EQ(this->count(&PositionRow::completed), count);
}

// ---- the consumer

std::vector<TopicPartition> EngineTest::all_lanes() const {
  std::vector<TopicPartition> lanes;
  for (const auto& [lane, partition] : topics_.partitions) lanes.push_back(lane);
  return lanes;
}

std::unique_ptr<Worker> EngineTest::make_worker(bool forgets_held) {
  return std::make_unique<Worker>(
      Worker::Parts{*world_, topics_, clock_, moods_, settings_, forgets_held, {}, &pauses_});
}

void EngineTest::start_forgetful() {
  worker_ = make_worker(true);
  worker_->intake().assign(all_lanes());
  worker_->run();
}

Worker& EngineTest::start() {
  worker_ = make_worker();
  worker_->intake().assign(all_lanes());
  worker_->run();
  return *worker_;
}

void EngineTest::run_through_retries() {
  for (int i = 0; i < 100; ++i) {
    run();
    if (HasFatalFailure() || drained()) return;
    pass(settings_.retry.handler.backoff.delay_max);
  }
  FAIL() << "100 retries were not enough";
}

// ---- what there is to see

std::int64_t EngineTest::balance(std::int64_t account) {
  for (const AccountRow& row : world_->accounts()) {
    if (row.account.id == account) return row.account.balance;
  }
  ADD_FAILURE() << "no account " << account;
  return 0;
}

std::int64_t EngineTest::version(std::int64_t account) {
  for (const AccountRow& row : world_->accounts()) {
    if (row.account.id == account) return row.version;
  }
  return 0;
}

std::optional<Ending> EngineTest::ending(int n) {
  for (const auto& [id, row] : world_->inbox()) {
    if (id == uuid(n)) return row.ending;
  }
  return std::nullopt;
}

std::string EngineTest::code(int n) {
  for (const auto& [id, row] : world_->inbox()) {
    if (id == uuid(n)) return row.code;
  }
  return "no inbox row";
}

PositionRow EngineTest::position(int partition) {
  for (const PositionRow& row : world_->positions()) {
    if (row.lane == lane(partition)) return row;
  }
  ADD_FAILURE() << "no position of partition " << partition;
  return {};
}

std::int64_t EngineTest::count(std::int64_t PositionRow::* counter) {
  std::int64_t sum = 0;
  for (const PositionRow& row : world_->positions()) sum += row.*counter;
  return sum;
}

std::vector<int> EngineTest::transferred() {
  std::map<Uuid, int> numbers;
  for (int n = 0; n < 5000; ++n) numbers[uuid(n)] = n;
  std::vector<int> found;
  for (const ledger::Transfer& transfer : world_->transfers())
    found.push_back(numbers.at(transfer.id));
  return found;
}

std::vector<std::string> EngineTest::events_of(int n) {
  std::vector<std::string> types;
  for (const NumberedEvent& event : world_->outbox()) {
    if (event.row.causation_id == id(n)) types.emplace_back(event.row.type);
  }
  return types;
}

int EngineTest::decided(int n) const {
  return static_cast<int>(std::ranges::count(moods_.decided, id(n)));
}

bool EngineTest::drained() {
  const auto positions = world_->positions();
  if (count(&PositionRow::parked) > 0) return false;
  return std::ranges::all_of(topics_.partitions, [&](const auto& entry) {
    return std::ranges::any_of(positions, [&](const PositionRow& row) {
      return row.lane == entry.first && row.next_offset == entry.second.end();
    });
  });
}

// ---- the books

// Every record below a position was received once, and ended once.
void EngineTest::check_counters() {
  for (const PositionRow& row : world_->positions()) {
    EXPECT_EQ(row.received,
              row.completed + row.duplicate + row.rejected + row.exhausted + row.undecodable +
                  row.parked - row.redriven_exhausted - row.redriven_undecodable)
        << "partition " << row.lane.partition;
    EXPECT_EQ(row.received, row.next_offset - row.start_offset)
        << "partition " << row.lane.partition;
  }
  std::map<TopicPartition, std::int64_t> parked;
  for (const HeldRow& row : world_->held()) {
    EXPECT_FALSE(row.parked.empty()) << "a key is held for nothing: " << row.key;
    parked[row.lane] += static_cast<std::int64_t>(row.parked.size());
  }
  for (const PositionRow& row : world_->positions()) {
    EXPECT_EQ(row.parked, parked[row.lane]) << "partition " << row.lane.partition;
  }
  std::map<Ending, std::int64_t> endings;
  for (const auto& [id, row] : world_->inbox()) ++endings[row.ending];
  EXPECT_EQ(endings[Ending::completed], count(&PositionRow::completed));
  EXPECT_EQ(endings[Ending::rejected], count(&PositionRow::rejected));
  EXPECT_EQ(endings[Ending::exhausted],
            count(&PositionRow::exhausted) - count(&PositionRow::redriven_exhausted));
}

void EngineTest::check_money() {
  std::int64_t sum = 0;
  for (const AccountRow& row : world_->accounts()) sum += row.account.balance;
  EXPECT_EQ(sum, 0) << "money was made or lost";
}

// One journal row per completed transfer, none for anything else.
void EngineTest::check_transfers() {
  std::map<Uuid, int> journal;
  for (const ledger::Transfer& transfer : world_->transfers()) ++journal[transfer.id];
  for (const auto& [id, row] : world_->inbox()) {
    const bool moves_money =
        row.ending == Ending::completed && delivered_[id].type == "ledger.v1.TransferFunds";
    EXPECT_EQ(journal[id], moves_money ? 1 : 0)
        << id.to_string() << " ended " << to_string(row.ending);
    journal.erase(id);
  }
  for (const auto& [id, times] : journal) EXPECT_EQ(times, 0) << "a transfer of an unknown command";
}

// One event for each completed or rejected command, each number once.
void EngineTest::check_events() {
  std::map<std::string, int> caused;
  std::set<std::pair<std::int64_t, std::int64_t>> numbers;
  std::set<Uuid> ids;
  for (const NumberedEvent& event : world_->outbox()) {
    EXPECT_TRUE(numbers.insert({event.batch, event.index}).second)
        << "batch number used twice: " << event.batch;
    EXPECT_TRUE(ids.insert(event.row.id).second) << "event id used twice";
    if (event.row.topic == settings_.events_topic)
      ++caused[std::string(event.row.causation_id.value_or("nothing"))];
  }
  std::int64_t answered = 0;
  for (const auto& [id, row] : world_->inbox()) {
    if (row.ending == Ending::exhausted) continue;
    ++answered;
    EXPECT_EQ(caused[delivered_[id].id], 1) << delivered_[id].id;
  }
  std::int64_t events = 0;
  for (const auto& [cause, times] : caused) events += times;
  EXPECT_EQ(events, answered);
}

// A row and a record on the topic for each.
void EngineTest::check_dead_letters() {
  const auto letters = static_cast<std::int64_t>(world_->dead_letters().size());
  EXPECT_EQ(letters, count(&PositionRow::exhausted) + count(&PositionRow::undecodable));
  EXPECT_EQ(letters, std::ranges::count_if(world_->outbox(), [&](const NumberedEvent& event) {
              return event.row.topic == settings_.dead_letter_topic;
            }));
}

// The decision that counts is the last one; before it an attempt failed or its batch was undone.
// What was delivered twice may have been decided at either place. What was given up on lets others
// pass, and those before it may run again when it has failed for the last time.
std::vector<std::string> EngineTest::order_faults() {
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < moods_.decided.size(); ++i) last[moods_.decided[i]] = i;
  std::map<std::string, int> times;
  for (const Delivery& each : deliveries_) ++times[each.id];
  for (const DeadRow& letter : world_->dead_letters()) last.erase(delivered_[letter.message_id].id);
  std::map<std::pair<int, std::string>, std::size_t> reached;
  std::vector<std::string> faults;
  for (const Delivery& each : deliveries_) {
    const auto decided = last.find(each.id);
    if (!each.key || times[each.id] > 1 || decided == last.end()) continue;
    std::size_t& so_far = reached[{each.partition, *each.key}];
    if (decided->second < so_far) faults.push_back(each.id + " overtook one of key " + *each.key);
    so_far = std::max(so_far, decided->second);
  }
  return faults;
}

void EngineTest::check_order() {
  for (const auto& [type, on_failure] : settings_.on_failure) {
    if (on_failure == OnFailure::skip_order) return;
  }
  for (const std::string& fault : order_faults()) ADD_FAILURE() << fault;
}

}  // namespace pawl::test
