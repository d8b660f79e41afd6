#include "behaviour/fake_world.h"

#include <algorithm>

#include "support/seed.h"

namespace pawl::test {
namespace {

constexpr const char* kAccounts = "ledger.account";
constexpr const char* kTransfers = "ledger.transfer";
constexpr std::size_t kAmount = 3;  // its column in ledger.transfer

std::int64_t number(const Cell& cell) {
  return std::get<std::int64_t>(cell);
}

std::string text(const Cell& cell) {
  return std::get<std::string>(cell);
}

std::optional<std::string> broken_constraint(const Cells& cells) {
  if (number(cells[kAmount]) <= 0) return "transfer_amount_check";
  return std::nullopt;
}

}  // namespace

FakeWorld::FakeWorld(std::uint64_t seed) : seed_(seed) {
  database_.checks[kTransfers] = broken_constraint;
}

std::unique_ptr<engine::Store> FakeWorld::make_store() {
  auto store = std::make_unique<FakeStore>(database_, seed_ + stores_++);
  newest_ = store.get();
  return store;
}

std::vector<AccountRow> FakeWorld::accounts() {
  std::vector<AccountRow> rows;
  for (const auto& [key, row] : database_.states[kAccounts]) {
    rows.push_back({{number(key), text(row.cells[1]), number(row.cells[2]), number(row.cells[3])},
                    row.version});
  }
  return rows;
}

std::vector<ledger::Transfer> FakeWorld::transfers() {
  std::vector<ledger::Transfer> rows;
  for (const Cells& cells : database_.journals[kTransfers]) {
    rows.push_back({std::get<Uuid>(cells[0]),
                    number(cells[1]),
                    number(cells[2]),
                    number(cells[3]),
                    text(cells[4]),
                    text(cells[5])});
  }
  return rows;
}

std::vector<std::pair<Uuid, InboxRow>> FakeWorld::inbox() {
  return {database_.inbox.begin(), database_.inbox.end()};
}

std::vector<NumberedEvent> FakeWorld::outbox() {
  std::vector<NumberedEvent> rows = database_.outbox;
  std::ranges::sort(
      rows, {}, [](const NumberedEvent& each) { return std::pair(each.batch, each.index); });
  return rows;
}

std::vector<DeadRow> FakeWorld::dead_letters() {
  std::vector<DeadRow> rows;
  for (const engine::DeadLetter& letter : database_.dead_letters) {
    rows.push_back({letter.lane,
                    letter.offset,
                    letter.message_id,
                    letter.type,
                    letter.failure_class,
                    letter.code,
                    letter.text,
                    letter.key,
                    letter.payload,
                    letter.attempts});
  }
  return rows;
}

std::vector<PositionRow> FakeWorld::positions() {
  std::vector<PositionRow> rows;
  for (const auto& [lane, row] : database_.positions) rows.push_back(row);
  return rows;
}

std::vector<HeldRow> FakeWorld::held() {
  std::vector<HeldRow> rows;
  for (const auto& [name, held] : database_.parking.held()) {
    HeldRow& row = rows.emplace_back(HeldRow{
        name.first, name.second.key, name.second.lone_offset, held.row.attempts, held.started});
    for (const auto& [sequence, command] : held.parked) row.parked.push_back(command.message_id);
  }
  return rows;
}

bool FakeWorld::foreign_transfer(std::int64_t from, std::int64_t to, std::int64_t amount) {
  if (!database_.locks.free({kAccounts, from}) || !database_.locks.free({kAccounts, to}))
    return false;
  change(from, -amount);
  change(to, amount);
  return true;
}

void FakeWorld::foreign_open(std::int64_t account, std::int64_t limit) {
  database_.states[kAccounts][account] = {{account, std::string("EUR"), std::int64_t{0}, limit}, 1};
}

bool FakeWorld::steal(const TopicPartition& lane) {
  if (!database_.locks.free(position_lock(lane))) return false;
  database_.positions.at(lane).epoch = ++database_.last_epoch;
  return true;
}

void FakeWorld::lose_table(const std::string& table) {
  database_.missing_tables.insert(table);
}
void FakeWorld::bring_back_table(const std::string& table) {
  database_.missing_tables.erase(table);
}

void FakeWorld::change(std::int64_t account, std::int64_t amount) {
  StateRow& row = database_.states[kAccounts].at(account);
  std::get<std::int64_t>(row.cells[2]) += amount;
  ++row.version;
}

std::unique_ptr<World> make_fake_world() {
  return std::make_unique<FakeWorld>(seed());
}

}  // namespace pawl::test
