#include "property/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ledger/v1/events.pb.h"
#include "pawl/engine/suspicion.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::test {
namespace {

namespace v1 = ledger::v1;

std::string name(const TopicPartition& lane) {
  return fmt::format("partition {}", lane.partition);
}

std::string name(const Publication& command) {
  return fmt::format("command {} at {} offset {}",
                     command.id_text.substr(command.id_text.size() - 3),
                     name(command.place.first),
                     command.place.second);
}

// An account as one command, or somebody else, left it.
struct AccountState {
  std::int64_t balance;
  std::int64_t change;
};
using AccountStates = std::map<std::pair<std::int64_t, std::int64_t>, AccountState>;

}  // namespace

Promises::Promises(World& world, const History& history, PromiseSettings settings)
    : history_(history),
      settings_(std::move(settings)),
      accounts_(world.accounts()),
      transfers_(world.transfers()),
      letters_(world.dead_letters()),
      positions_(world.positions()),
      held_(world.held()) {
  for (auto& [id, row] : world.inbox()) inbox_.emplace(id, row);
  for (const NumberedEvent& event : world.outbox()) {
    if (event.row.topic == settings_.events_topic)
      events_.push_back(event);
    else
      ++dead_letter_records_;
  }
}

std::string Promises::broken_now() {
  counters_add_up();
  endings_match_counters();
  each_id_ends_once();
  events_match_endings();
  each_version_once();
  keys_keep_their_order();
  deaths_are_deserved();
  return broken_;
}

std::string Promises::broken_at_the_end(const std::map<TopicPartition, std::int64_t>& ends) {
  if (!broken_now().empty()) return broken_;
  nothing_is_left(ends);
  all_have_ended();
  endings_are_deserved();
  return broken_;
}

// The first one tells most.
void Promises::expect(bool kept, const std::string& promise) {
  if (!kept && broken_.empty()) broken_ = promise;
}

std::int64_t Promises::sum(std::int64_t PositionRow::* counter) const {
  std::int64_t total = 0;
  for (const PositionRow& row : positions_) total += row.*counter;
  return total;
}

// ---- at any time

void Promises::counters_add_up() {
  std::map<TopicPartition, std::int64_t> parked;
  for (const HeldRow& row : held_) {
    expect(!row.parked.empty(), "a key is held for nothing: " + row.key);
    parked[row.lane] += static_cast<std::int64_t>(row.parked.size());
  }
  for (const PositionRow& row : positions_) {
    expect(row.received == row.next_offset - row.start_offset,
           name(row.lane) + ": not all that it passed was received");
    expect(row.received == row.completed + row.duplicate + row.rejected + row.exhausted +
                               row.undecodable + row.parked - row.redriven_exhausted -
                               row.redriven_undecodable,
           name(row.lane) + ": received is not the sum of the endings");
    expect(
        row.parked == parked[row.lane],
        fmt::format(
            "{}: {} are counted as parked, {} are", name(row.lane), row.parked, parked[row.lane]));
  }
}

void Promises::endings_match_counters() {
  std::map<Ending, std::int64_t> endings;
  for (const auto& [id, row] : inbox_) ++endings[row.ending];
  expect(endings[Ending::completed] == sum(&PositionRow::completed),
         "there is not one inbox row for each completed command");
  expect(endings[Ending::rejected] == sum(&PositionRow::rejected),
         "there is not one inbox row for each rejected command");
  expect(endings[Ending::exhausted] ==
             sum(&PositionRow::exhausted) - sum(&PositionRow::redriven_exhausted),
         "there is not one inbox row for each exhausted command");
  const auto letters = static_cast<std::int64_t>(letters_.size());
  expect(letters == sum(&PositionRow::exhausted) + sum(&PositionRow::undecodable),
         "there is not one dead letter for each death");
  expect(letters == dead_letter_records_, "there is not one record for each dead letter");
}

const Publication* Promises::cause_of(const NumberedEvent& event) const {
  for (const Publication& each : history_.published) {
    if (event.row.causation_id == each.id_text && event.row.caused_at == each.time) return &each;
  }
  return nullptr;
}

void Promises::each_id_ends_once() {
  std::map<Uuid, int> booked;
  for (const ledger::Transfer& transfer : transfers_) {
    expect(++booked[transfer.id] == 1, "a command took effect twice: " + transfer.id.to_string());
    expect(inbox_.contains(transfer.id),
           "a command took effect without having ended: " + transfer.id.to_string());
  }
  std::map<Uuid, int> answered;
  for (const NumberedEvent& event : events_) {
    const Publication* cause = cause_of(event);
    expect(cause != nullptr, "an event without a command");
    if (cause == nullptr) continue;
    expect(++answered[cause->id] == 1, name(*cause) + ": two events");
    expect(inbox_.contains(cause->id), name(*cause) + ": an event without having ended");
  }
  for (const auto& [id, row] : inbox_) {
    expect(
        answered[id] == (row.ending == Ending::exhausted ? 0 : 1),
        fmt::format(
            "{} ended {} and has {} events", id.to_string(), to_string(row.ending), answered[id]));
  }
}

// The effect is that of the very record that the event answers.
void Promises::events_match_endings() {
  std::map<Uuid, const ledger::Transfer*> booked;
  for (const ledger::Transfer& transfer : transfers_) booked[transfer.id] = &transfer;
  for (const NumberedEvent& event : events_) {
    const Publication* cause = cause_of(event);
    if (cause == nullptr || !inbox_.contains(cause->id)) continue;
    const bool completed = inbox_.at(cause->id).ending == Ending::completed;
    expect(completed == (event.row.type != "ledger.v1.CommandRejected"),
           name(*cause) + ": its event tells of another ending");
    const auto entry = booked.find(cause->id);
    expect((entry != booked.end()) == (completed && !cause->opens_account),
           name(*cause) + ": its entry in the journal is not as it ended");
    if (entry == booked.end()) continue;
    const ledger::Transfer& transfer = *entry->second;
    expect(std::tuple(transfer.debit_account_id, transfer.credit_account_id, transfer.amount) ==
               std::tuple(cause->debit, cause->credit, cause->amount),
           name(*cause) + ": booked otherwise than commanded");
  }
}

// Each change of an account has a version of its own, and tells the balance after it: a change that
// is lost, doubled or rests on what others undid breaks the chain.
void Promises::each_version_once() {
  AccountStates states;
  const auto add = [&](std::int64_t account, std::int64_t version, AccountState state) {
    expect(states.emplace(std::pair(account, version), state).second,
           fmt::format("account {} has two versions {}", account, version));
  };
  for (const ForeignChange& each : history_.foreign)
    add(each.account, each.version, {each.balance, 0});
  for (const NumberedEvent& event : events_) {
    const std::string payload(event.row.payload.value_or(""));
    v1::FundsTransferred moved;
    v1::AccountOpened opened;
    if (event.row.type == moved.GetTypeName() && moved.ParseFromString(payload)) {
      add(moved.debit_account_id(),
          moved.debit_version(),
          {moved.debit_balance(), -moved.amount()});
      add(moved.credit_account_id(),
          moved.credit_version(),
          {moved.credit_balance(), moved.amount()});
    } else if (event.row.type == opened.GetTypeName() && opened.ParseFromString(payload)) {
      add(opened.account_id(), opened.version(), {0, 0});
    }
  }
  std::int64_t money = 0;
  for (const AccountRow& row : accounts_) {
    money += row.account.balance;
    std::int64_t balance = 0;
    for (std::int64_t version = 1; version <= row.version; ++version) {
      const auto at = states.find({row.account.id, version});
      expect(at != states.end(),
             fmt::format("account {}: nobody made version {}", row.account.id, version));
      if (at == states.end()) return;
      const AccountState& state = at->second;
      expect(state.change == 0 || balance + state.change == state.balance,
             fmt::format("account {}: version {} rests on a balance that was not there",
                         row.account.id,
                         version));
      balance = state.balance;
      states.erase(at);
    }
    expect(balance == row.account.balance,
           fmt::format("account {}: another balance than its last event's", row.account.id));
  }
  expect(states.empty(), "an event tells of a change that is not there");
  expect(money == 0, "money was made or lost");
}

void Promises::keys_keep_their_order() {
  if (settings_.on_failure == OnFailure::skip_order) return;
  std::map<std::pair<TopicPartition, std::string>, const Publication*> last;
  for (const NumberedEvent& event : events_) {
    const Publication* cause = cause_of(event);
    if (cause == nullptr || !cause->key) continue;
    const Publication*& before = last[{cause->place.first, *cause->key}];
    if (before != nullptr) {
      expect(history_.rank(*before) < history_.rank(*cause),
             name(*before) + " overtook " + name(*cause));
    }
    before = cause;
  }
}

// ---- at the end

void Promises::nothing_is_left(const std::map<TopicPartition, std::int64_t>& ends) {
  expect(held_.empty(), "commands are left parked");
  for (const PositionRow& row : positions_)
    expect(row.next_offset == ends.at(row.lane), name(row.lane) + ": records are left unread");
}

void Promises::all_have_ended() {
  std::map<Place, std::int64_t> deaths;
  for (const DeadRow& letter : letters_) ++deaths[{letter.lane, letter.offset}];
  for (const Publication& each : history_.published) {
    const bool ended =
        each.mood == Mood::cannot_be_read ? deaths[each.place] > 0 : inbox_.contains(each.id);
    expect(ended, name(each) + " has never ended");
  }
}

// What would have succeeded is not given up on, and no attempt is counted that was not made.
void Promises::deaths_are_deserved() {
  for (const DeadRow& letter : letters_) {
    const Publication* command = history_.at({letter.lane, letter.offset});
    expect(command != nullptr, "a dead letter of nothing");
    if (command == nullptr) continue;
    expect(may_die(*command, letter),
           fmt::format("{} died after {} attempts", name(*command), letter.attempts));
  }
}

bool Promises::may_die(const Publication& publication, const DeadRow& letter) const {
  const bool cannot_be_read = publication.mood == Mood::cannot_be_read;
  if (cannot_be_read || letter.failure_class == "undecodable")
    return cannot_be_read && letter.failure_class == "undecodable";
  if (letter.failure_class == kCrashedClass)
    return letter.attempts >= engine::kCrashesMax &&  // those that failed are counted, too
           history_.ends_without_a_word >= engine::kCrashesMax;
  if (!publication.fails() || letter.attempts > settings_.attempts_max) return false;
  const auto decided = history_.decided.find(publication.id_text);
  if (decided == history_.decided.end() ||
      letter.attempts > static_cast<std::int64_t>(decided->second.size()))
    return false;
  if (settings_.on_failure == OnFailure::dead_letter) return true;
  const bool fails_so_often =
      publication.times >= kAlways || publication.times >= settings_.attempts_max;
  if (letter.attempts == settings_.attempts_max && fails_so_often) return true;
  return has_aged(publication);
}

bool Promises::has_aged(const Publication& publication) const {
  const auto died = history_.died.find(publication.place);
  const auto decided = history_.decided.find(publication.id_text);
  if (died == history_.died.end()) return false;
  return died->second - decided->second.front() >= settings_.age_max;
}

// Only of ids that were published once: of twins either may have gone first.
void Promises::endings_are_deserved() {
  for (const Publication& each : history_.published) {
    if (history_.with_id(each.id).size() > 1 || !inbox_.contains(each.id)) continue;
    const Ending ending = inbox_.at(each.id).ending;
    if (ending == Ending::exhausted) continue;  // see deaths_are_deserved
    const bool may_be_rejected =
        each.mood == Mood::rejects || each.opens_account || each.debit == kPoorAccount;
    expect(ending == Ending::completed || may_be_rejected, name(each) + " was rejected");
    const bool may_complete =
        each.mood != Mood::rejects && !(each.fails() && each.times >= kAlways);
    expect(ending == Ending::rejected || may_complete, name(each) + " cannot have completed");
  }
}

}  // namespace pawl::test
