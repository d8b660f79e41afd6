#include "crash/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "crash/checks.h"
#include "crash/indexed_run.h"

namespace pawl::test {
namespace {

constexpr std::size_t kShown = 25;
constexpr std::string_view kOpened = "ledger.v1.AccountOpened";
constexpr std::string_view kRejected = "ledger.v1.CommandRejected";
constexpr std::string_view kForeignMemo = "foreign";

template <class Seen>
std::string_view key_of(const Seen& seen) {
  return seen.key ? std::string_view(*seen.key) : std::string_view();
}

class Checker {
 public:
  explicit Checker(const Observation& seen) : seen_(seen), run_(seen) {}

  std::vector<std::string> faults() {
    money_is_conserved();
    balances_follow_from_the_journal();
    repeats_are_the_same();
    every_command_has_one_ending();
    nothing_comes_from_nowhere();
    every_account_is_a_chain();
    keys_keep_their_order();
    lanes_account_for_everything();
    garbage_is_buried_once();
    everything_is_published();
    std::ranges::move(faulty_statements(run_, seen_), std::back_inserter(faults_));
    return std::move(faults_);
  }

 private:
  using Place = std::pair<std::int32_t, std::int64_t>;

  template <class... Args>
  void fault(fmt::format_string<Args...> format, Args&&... args) {
    faults_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void money_is_conserved();
  void balances_follow_from_the_journal();
  void repeats_are_the_same();
  void every_command_has_one_ending();
  void check_inbox(const std::string& id);
  void check_effects(const std::string& id, const SeenEvent& event);
  void nothing_comes_from_nowhere();
  void every_account_is_a_chain();
  void check_chain(std::int64_t account, std::vector<Booking>& chain);
  void keys_keep_their_order();
  void lanes_account_for_everything();
  [[nodiscard]] SeenLane expected_lane(std::int32_t partition) const;
  void garbage_is_buried_once();
  void everything_is_published();
  void outbox_order_was_kept();

  const Observation& seen_;
  std::vector<std::string> faults_;
  const IndexedRun run_;
};

void Checker::money_is_conserved() {
  std::int64_t sum = 0;
  for (const SeenAccount& account : seen_.accounts) sum += account.balance;
  if (sum != 0) fault("money: the sum of all balances is {}, expected 0", sum);
}

void Checker::balances_follow_from_the_journal() {
  std::map<std::int64_t, std::int64_t> booked;
  for (const SeenTransfer& transfer : seen_.transfers) {
    booked[transfer.debit] -= transfer.amount;
    booked[transfer.credit] += transfer.amount;
  }
  for (const SeenAccount& account : seen_.accounts) {
    if (booked[account.id] != account.balance) {
      fault("money: account {} has {}, its journal says {}",
            account.id,
            account.balance,
            booked[account.id]);
    }
    booked.erase(account.id);
  }
  for (const auto& [account, sum] : booked)
    fault("money: the journal books {} on account {}, which is not there", sum, account);
}

void Checker::repeats_are_the_same() {
  std::unordered_map<std::string_view, const SeenEvent*> firsts;
  for (const SeenEvent* event : run_.first_events) firsts[event->id] = event;
  for (const SeenEvent& event : seen_.events) {
    const SeenEvent& first = *firsts.at(event.id);
    if (event.key != first.key || event.type != first.type || event.value != first.value ||
        event.cause != first.cause) {
      fault("repeat: event {} was published again with another content", event.id);
    }
  }
}

void Checker::every_command_has_one_ending() {
  for (const SeenCommand* command : run_.firsts) {
    const std::string& id = command->id;
    const std::size_t endings = count(run_.by_cause, id) + count(run_.exhausted, id);
    if (endings != 1) {
      fault("ending: command {} ({}, {}@{}) has {} endings, expected 1",
            id,
            command->type,
            command->partition,
            command->offset,
            endings);
    }
    check_inbox(id);
    for (const SeenEvent* event : of(run_.by_cause, id)) check_effects(id, *event);
    if (endings == 0 && count(run_.transfers, id) > 0)
      fault("effect: command {} has moved money and has no event", id);
  }
}

void Checker::check_inbox(const std::string& id) {
  const std::size_t rows = count(run_.inbox, id);
  if (rows != 1 && !(rows == 0 && seen_.inbox_cleared))
    fault("inbox: command {} has {} rows, expected 1", id, rows);
}

void Checker::check_effects(const std::string& id, const SeenEvent& event) {
  const bool moves_money = !event.bookings.empty() && event.type != kOpened;
  const std::size_t expected = moves_money ? 1 : 0;
  if (count(run_.transfers, id) != expected) {
    fault("effect: command {} ended as {} and has {} transfers, expected {}",
          id,
          event.type,
          count(run_.transfers, id),
          expected);
  }
  for (const SeenTransfer* transfer : of(run_.transfers, id)) {
    for (const Booking& booking : event.bookings) {
      const std::int64_t change = booking.account == transfer->debit    ? -transfer->amount
                                  : booking.account == transfer->credit ? transfer->amount
                                                                        : 0;
      if (change != booking.change)
        fault("effect: command {} changed account {} otherwise than its event says",
              id,
              booking.account);
    }
  }
  const std::int64_t ending = event.type == kRejected ? 1 : 0;
  for (const SeenInboxRow* row : of(run_.inbox, id)) {
    if (row->ending != ending)
      fault("inbox: command {} ended as {}, its row says {}", id, event.type, row->ending);
  }
}

void Checker::nothing_comes_from_nowhere() {
  for (const auto& [cause, events] : run_.by_cause) {
    if (!run_.commands.contains(cause))
      fault("event: {} was caused by {}, which is no command", events.front()->id, cause);
  }
  for (const SeenTransfer& transfer : seen_.transfers) {
    if (!run_.commands.contains(transfer.id) && !transfer.memo.starts_with(kForeignMemo)) {
      fault("effect: transfer {} belongs to no command", transfer.id);
    }
  }
  for (const SeenInboxRow& row : seen_.inbox) {
    if (!run_.commands.contains(row.id)) fault("inbox: {} is no command", row.id);
  }
}

// Versions 1, 2, 3 …, each balance the one before plus the change: nothing lost, nothing done
// twice, nothing overwritten.
void Checker::every_account_is_a_chain() {
  std::map<std::int64_t, std::vector<Booking>> chains;
  for (const SeenEvent* event : run_.first_events) {
    for (const Booking& booking : event->bookings) chains[booking.account].push_back(booking);
  }
  for (const Booking& booking : seen_.foreign) chains[booking.account].push_back(booking);
  for (const SeenAccount& account : seen_.accounts) {
    std::vector<Booking> chain = std::move(chains[account.id]);
    chains.erase(account.id);
    check_chain(account.id, chain);
    const Booking last = chain.empty() ? Booking{} : chain.back();
    if (last.version != account.version || last.balance != account.balance) {
      fault("chain: account {} is at version {} with {}, its last event says version {} with {}",
            account.id,
            account.version,
            account.balance,
            last.version,
            last.balance);
    }
  }
  for (const auto& [account, chain] : chains)
    fault("chain: events tell of account {}, which is not there", account);
}

void Checker::check_chain(std::int64_t account, std::vector<Booking>& chain) {
  std::sort(chain.begin(), chain.end(), [](const Booking& a, const Booking& b) {
    return a.version < b.version;
  });
  Booking before;
  for (const Booking& booking : chain) {
    if (booking.version != before.version + 1) {
      fault(
          "chain: account {} goes from version {} to {}", account, before.version, booking.version);
    }
    if (booking.balance != before.balance + booking.change) {
      fault("chain: account {} version {} has {}, expected {}",
            account,
            booking.version,
            booking.balance,
            before.balance + booking.change);
    }
    before = booking;
  }
}

// The first publications of a key name its commands in topic order, and the key's own account only
// goes forward.
void Checker::keys_keep_their_order() {
  std::map<std::string_view, std::vector<std::string_view>> sent, told;
  for (const SeenCommand* command : run_.firsts) {
    if (!run_.exhausted.contains(command->id)) sent[key_of(*command)].push_back(command->id);
  }
  std::map<std::string_view, std::int64_t> versions;
  for (const SeenEvent* event : run_.first_events) {
    if (event->cause.empty()) continue;
    const std::string_view key = key_of(*event);
    told[key].push_back(event->cause);
    for (const Booking& booking : event->bookings) {
      if (std::to_string(booking.account) != key) continue;
      if (booking.version <= versions[key])
        fault("order: account {} went from version {} back to {}",
              key,
              versions[key],
              booking.version);
      versions[key] = booking.version;
    }
  }
  for (const auto& [key, commands] : sent) {
    if (told[key] == commands) continue;
    const auto [in_topic, in_events] =
        std::mismatch(commands.begin(), commands.end(), told[key].begin(), told[key].end());
    fault("order: key {}: command {} should come next, {} does",
          key,
          in_topic == commands.end() ? "none" : *in_topic,
          in_events == told[key].end() ? "none" : *in_events);
  }
}

SeenLane Checker::expected_lane(std::int32_t partition) const {
  SeenLane lane{.partition = partition};
  for (const SeenCommand& command : seen_.commands) {
    if (command.partition != partition) continue;
    ++lane.received;
    lane.next = command.offset + 1;
    if (!command.decodable) {
      ++lane.undecodable;
    } else if (run_.commands.at(command.id) != &command) {
      ++lane.duplicate;
    } else if (run_.exhausted.contains(command.id)) {
      ++lane.exhausted;
    } else {
      const auto events = run_.by_cause.find(command.id);
      const bool rejected =
          events != run_.by_cause.end() && events->second.front()->type == kRejected;
      ++(rejected ? lane.rejected : lane.completed);
    }
  }
  return lane;
}

void Checker::lanes_account_for_everything() {
  std::set<std::int32_t> partitions;
  for (const SeenCommand& command : seen_.commands) partitions.insert(command.partition);
  for (const SeenLane& lane : seen_.lanes) {
    partitions.erase(lane.partition);
    const SeenLane expected = expected_lane(lane.partition);
    const auto compare = [&](std::string_view what, std::int64_t is, std::int64_t should) {
      if (is != should)
        fault("lane: partition {} says {} {}, expected {}", lane.partition, is, what, should);
    };
    compare("received", lane.received, expected.received);
    compare("completed", lane.completed, expected.completed);
    compare("duplicate", lane.duplicate, expected.duplicate);
    compare("rejected", lane.rejected, expected.rejected);
    compare("exhausted", lane.exhausted, expected.exhausted);
    compare("undecodable", lane.undecodable, expected.undecodable);
    compare("parked", lane.parked, 0);
    compare("as its next offset", lane.next, expected.received == 0 ? lane.start : expected.next);
    compare("between its offsets", lane.next - lane.start, lane.received);
  }
  for (const std::int32_t partition : partitions)
    fault("lane: partition {} was never taken", partition);
}

void Checker::garbage_is_buried_once() {
  std::map<Place, const SeenCommand*> garbage;
  for (const SeenCommand& command : seen_.commands) {
    if (!command.decodable) garbage[{command.partition, command.offset}] = &command;
  }
  std::map<Place, int> rows, records;
  for (const SeenDeadLetter& letter : seen_.dead_letters) {
    if (letter.failure_class == IndexedRun::kUndecodable) ++rows[{letter.partition, letter.offset}];
  }
  for (const SeenDeadRecord& record : seen_.dead_records) {
    const Place place{record.partition, record.offset};
    ++records[place];
    const auto original = garbage.find(place);
    if (original == garbage.end()) continue;
    if (record.key != original->second->key || record.value != original->second->value) {
      fault("dead letter: the record of {}@{} is not what was sent", place.first, place.second);
    }
  }
  for (const auto& [place, command] : garbage) {
    if (rows[place] != 1)
      fault("dead letter: garbage at {}@{} has {} rows, expected 1",
            place.first,
            place.second,
            rows[place]);
    if (records[place] == 0)
      fault("dead letter: garbage at {}@{} is not on its topic", place.first, place.second);
  }
  for (const auto& [place, count] : rows) {
    if (!garbage.contains(place))
      fault("dead letter: {}@{} is no garbage and has {} rows", place.first, place.second, count);
  }
}

void Checker::everything_is_published() {
  std::unordered_set<std::string_view> published;
  for (const SeenEvent* event : run_.first_events) published.insert(event->id);
  for (const SeenOutboxRow& row : seen_.outbox) {
    const bool hole = std::find(seen_.relay.holes.begin(), seen_.relay.holes.end(), row.batch) !=
                      seen_.relay.holes.end();
    if (row.batch > seen_.relay.batch || hole)
      fault("outbox: row {}/{} waits to be published", row.batch, row.index);
    if (!row.dead_letter && row.topic == seen_.events_topic && !published.contains(row.id)) {
      fault("outbox: row {}/{} (event {}) was never published", row.batch, row.index, row.id);
    }
  }
  outbox_order_was_kept();
}

void Checker::outbox_order_was_kept() {
  std::unordered_map<std::string_view, std::pair<std::int64_t, std::int64_t>> numbers;
  for (const SeenOutboxRow& row : seen_.outbox) numbers[row.id] = {row.batch, row.index};
  std::unordered_map<std::string_view, std::pair<std::int64_t, std::int64_t>> last;
  for (const SeenEvent* event : run_.first_events) {
    const auto number = numbers.find(event->id);
    if (!event->key || number == numbers.end()) continue;
    auto& before = last[*event->key];
    if (number->second < before) {
      fault("order: key {}: outbox row {}/{} was published after {}/{}",
            *event->key,
            number->second.first,
            number->second.second,
            before.first,
            before.second);
    }
    before = number->second;
  }
}

}  // namespace

std::vector<std::string> faults_of(const Observation& seen) {
  return Checker{seen}.faults();
}

std::vector<std::string> given_up_in(const Observation& seen) {
  std::vector<std::string> given_up;
  for (const SeenDeadLetter& letter : seen.dead_letters) {
    if (letter.failure_class == IndexedRun::kUndecodable) continue;
    given_up.push_back(fmt::format("given up: {}@{} ended in a dead letter of class {}",
                                   letter.partition,
                                   letter.offset,
                                   letter.failure_class));
  }
  return given_up;
}

std::string as_text(const std::vector<std::string>& faults) {
  std::string text;
  for (std::size_t i = 0; i < std::min(faults.size(), kShown); ++i) text += faults[i] + "\n";
  if (faults.size() > kShown) text += fmt::format("… and {} more\n", faults.size() - kShown);
  return text;
}

}  // namespace pawl::test
