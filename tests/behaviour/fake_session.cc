#include "behaviour/fake_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "support/kept.h"

namespace pawl::test {
namespace {

using engine::Answer;
using engine::ClaimAnswer;
using engine::CommitAnswer;
using engine::FenceAnswer;
using engine::SaveAnswer;

const Failure kAborted{Remedy::retry_later, "25P02", "current transaction is aborted"};
const Failure kTerminated{Remedy::reconnect_and_rerun, "57P01", "terminating connection"};

// PostgreSQL's text holds anything but U+0000.
void expect_storable(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell);
  if (!text || text->find('\0') == std::string::npos) return;
  throw Failure(Remedy::retry_later, "22021", "invalid byte sequence for encoding UTF8: 0x00");
}

void note_conflict(Answer& answer, const std::string& table) {
  if (auto* save = std::get_if<SaveAnswer>(&answer)) save->conflict = table;
  if (auto* fence = std::get_if<FenceAnswer>(&answer)) fence->conflict = table;
}

}  // namespace

// ---- requests become statements

// A transaction of its own.
void FakeSession::take_parked(const engine::TakeParkedRequest& request) {
  Request sent{engine::TakeParkedAnswer{}, {}};
  sent.statements.push_back([this, request](Answer& answer) {
    engine::TakeParkedRequest ours = request;
    const auto is_ours = [&](const engine::TakeParkedRequest::Key& key) {
      return database_.positions.at(key.place.lane).epoch == request.epoch;
    };
    if (std::ranges::all_of(ours.keys, is_ours)) answer = database_.parking.take(ours);
    return true;
  });
  send(std::move(sent));
}

void FakeSession::claim(const engine::ClaimRequest& request) {
  Request sent{ClaimAnswer{}, {}};
  sent.statements.push_back([this, claims = request.claims, looked = false](Answer& a) mutable {
    if (!std::exchange(looked, true)) look_up(claims, a);
    return claim_ids(claims, a);
  });
  for (const engine::TableLoad& load : request.loads) {
    sent.statements.push_back(
        [this, load, lock = request.lock_loaded](Answer& a) { return this->load(load, lock, a); });
  }
  sent.statements.push_back([this](Answer& answer) {
    drawn_ = ++database_.last_outbox_batch;
    std::get<ClaimAnswer>(answer).outbox_batch = *drawn_;
    return true;
  });
  send(std::move(sent));
}

void FakeSession::save(const engine::SaveRequest& request) {
  Request sent{SaveAnswer{}, {}};
  sent.statements.push_back([this, ids = request.unclaim](Answer&) { return unclaim(ids); });
  sent.statements.push_back(
      [this, endings = request.endings](Answer&) { return mark_endings(endings); });
  for (const engine::TableWrite& write : request.writes) {
    sent.statements.push_back([this, write](Answer& a) { return this->write(write, a); });
  }
  std::vector<OutboxRow> events;
  for (const OutboxRow& event : request.events) events.push_back(kept(event));
  sent.statements.push_back(
      [this, batch = request.outbox_batch, events](Answer&) { return add_events(batch, events); });
  sent.statements.push_back([this, letters = request.dead_letters](Answer&) {
    for (const engine::DeadLetter& letter : letters) changes_.dead_letters.push_back(letter);
    return true;
  });
  send(std::move(sent));
}

void FakeSession::fence(const engine::FenceRequest& request) {
  Request sent{FenceAnswer{}, {}};
  sent.statements.push_back([this, request](Answer& a) { return advance(request, a); });
  sent.statements.push_back(
      [this, changes = request.parking](Answer& a) { return change_parking(changes, a); });
  for (const engine::TableWrite& write : request.writes) {
    sent.statements.push_back([this, write](Answer& a) { return this->write(write, a); });
  }
  for (const engine::TableCheck& check : request.checks) {
    sent.statements.push_back([this, check](Answer& a) { return this->check(check, a); });
  }
  send(std::move(sent));
}

void FakeSession::commit() {
  Request sent{CommitAnswer{true}, {}};
  sent.statements.push_back([this](Answer&) {
    apply();
    end();
    return true;
  });
  send(std::move(sent));
}

void FakeSession::send(Request request) {
  requests_.push_back(std::move(request));
}

std::optional<Answer> FakeSession::receive() {
  if (!answers_.empty()) {
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  if (!terminated_ || loss_told_) return std::nullopt;
  loss_told_ = true;
  return kTerminated;
}

// The server finishes what it was sent, then rolls back; what waits for a lock is cancelled by the
// same ROLLBACK here.
void FakeSession::rollback() {
  if (terminated_) throw kTerminated;
  requests_.clear();
  answers_.clear();
  end();
}

bool FakeSession::work() {
  if (terminated_ || requests_.empty()) return false;
  Request& request = requests_.front();
  waits_for_.clear();
  if (aborted_) {
    request.answer = std::holds_alternative<CommitAnswer>(request.answer)
                         ? Answer{CommitAnswer{false}}
                         : Answer{kAborted};
    request.statements.clear();
  } else if (!request.statements.empty()) {
    try {
      if (!request.statements.front()(request.answer)) {
        give_up_waiting();
        return false;
      }
      lock_turns_ = 0;
      request.statements.pop_front();
    } catch (const Failure& failure) {
      aborted_ = true;
      request.answer = failure;
      request.statements.clear();
    }
  }
  if (!request.statements.empty()) return true;
  answers_.push_back(std::move(request.answer));
  requests_.pop_front();
  return true;
}

void FakeSession::give_up_waiting() {
  if (lock_turns_max_ == 0 || ++lock_turns_ < lock_turns_max_) return;
  lock_turns_ = 0;
  throw Failure(Remedy::rerun_now, "55P03", "canceling statement due to lock timeout");
}

void FakeSession::terminate() {
  requests_.clear();
  end();
  terminated_ = true;
}

void FakeSession::end() {
  changes_ = {};
  drawn_.reset();
  aborted_ = false;
  database_.locks.release(this);
}

// ---- the statements

bool FakeSession::locked(const std::string& table, const Cell& key, bool for_write) {
  FakeLocks& locks = database_.locks;
  if (for_write ? locks.write(this, {table, key}) : locks.share(this, {table, key})) return false;
  waits_for_ = "a row of " + table;
  return true;
}

void FakeSession::look_up(const std::vector<inbox::Claim>& claims, Answer& answer) {
  for (const inbox::Claim& claim : claims) {
    const auto at = database_.inbox.find(claim.id);
    if (at != database_.inbox.end())
      std::get<ClaimAnswer>(answer).known.emplace_back(claim.id, at->second.fingerprint);
  }
}

// May wait for somebody who is claiming the same id; whether he did is seen by the key afterwards.
bool FakeSession::claim_ids(const std::vector<inbox::Claim>& claims, Answer& answer) {
  auto& claimed = std::get<ClaimAnswer>(answer);
  const auto known = [&](const Uuid& id) {
    return std::ranges::any_of(claimed.known, [&](const auto& each) { return each.first == id; });
  };
  for (const inbox::Claim& claim : claims) {
    if (!known(claim.id) && !database_.inbox.contains(claim.id) &&
        locked("pawl.inbox", claim.id, true))
      return false;
  }
  for (const inbox::Claim& claim : claims) {
    if (known(claim.id)) continue;
    if (database_.inbox.contains(claim.id))
      claimed.conflict = "a message id was claimed by others at the same time";
    changes_.inbox[claim.id] = InboxRow{claim.fingerprint, Ending::completed, {}};
  }
  return true;
}

bool FakeSession::load(const engine::TableLoad& load, bool lock, Answer& answer) {
  const engine::TableShape& shape = *load.table;
  expect_table(shape.name);
  engine::TableRows rows;
  for (const engine::ColumnShape& column : shape.columns)
    rows.columns.push_back(empty_column(column.type));
  for (std::size_t i = 0; i < rows_of(load.keys); ++i) {
    const Cell key = cell_of(load.keys, i);
    expect_storable(key);
    if (lock && find(shape.name, key) && locked(shape.name, key, true)) return false;
    const auto row = find(shape.name, key);
    if (!row) continue;
    for (std::size_t c = 0; c < row->cells.size(); ++c) append_cell(rows.columns[c], row->cells[c]);
    rows.versions.push_back(row->version);
  }
  std::get<ClaimAnswer>(answer).rows.push_back(std::move(rows));
  return true;
}

bool FakeSession::unclaim(const std::vector<Uuid>& ids) {
  for (const Uuid& id : ids) {
    EXPECT_TRUE(changes_.inbox.contains(id))
        << "only claims of this very transaction are taken back";
    changes_.inbox[id] = std::nullopt;
  }
  return true;
}

bool FakeSession::mark_endings(const std::vector<inbox::Ended>& endings) {
  for (const inbox::Ended& ended : endings) {
    const auto at = changes_.inbox.find(ended.id);
    if (at == changes_.inbox.end() || !at->second) {
      ADD_FAILURE() << "the ending of an id that this transaction did not claim: "
                    << ended.id.to_string();
      continue;
    }
    EXPECT_EQ(at->second->ending, Ending::completed) << "two endings of " << ended.id.to_string();
    at->second->ending = ended.ending;
    at->second->code = ended.code;
  }
  return true;
}

bool FakeSession::write(const engine::TableWrite& write, Answer& answer) {
  const std::string& table = write.table->name;
  expect_table(table);
  if (write.table->version_column.empty()) return append(write);
  for (std::size_t row = 0; row < write.rows(); ++row) {
    if (locked(table, cell_of(write.columns[0], row), true)) return false;
  }
  bool all = true;
  for (std::size_t row = 0; row < write.rows(); ++row) all &= store_row(write, row);
  if (!all) note_conflict(answer, table);
  return true;
}

bool FakeSession::append(const engine::TableWrite& write) {
  for (std::size_t row = 0; row < write.rows(); ++row) {
    Cells cells;
    for (const ColumnArray& column : write.columns) cells.push_back(cell_of(column, row));
    expect_valid(write.table->name, cells);
    changes_.journals[write.table->name].push_back(std::move(cells));
  }
  return true;
}

// Whether the row counts as written.
bool FakeSession::store_row(const engine::TableWrite& write, std::size_t row) {
  const std::string& table = write.table->name;
  const Cell key = cell_of(write.columns[0], row);
  const auto present = find(table, key);
  const bool insert = write.seen.empty();
  if (insert ? present.has_value() : !present || present->version != write.seen[row]) return false;
  StateRow stored;
  for (const ColumnArray& column : write.columns) stored.cells.push_back(cell_of(column, row));
  stored.version = write.versions[row];
  expect_valid(table, stored.cells);
  changes_.states[table][key] = std::move(stored);
  return true;
}

bool FakeSession::add_events(std::int64_t batch, const std::vector<OutboxRow>& events) {
  EXPECT_TRUE(events.empty() || drawn_ == batch)
      << "a batch uses only the number that its transaction drew";
  for (const OutboxRow& event : events) {
    changes_.outbox.push_back({batch, static_cast<std::int64_t>(changes_.outbox.size()), event});
  }
  return true;
}

bool FakeSession::advance(const engine::FenceRequest& request, Answer& answer) {
  for (const engine::LaneAdvance& lane : request.lanes) {
    const auto [table, key] = position_lock(lane.lane);
    if (locked(table, key, true)) return false;
    const auto at = database_.positions.find(lane.lane);
    if (at == database_.positions.end() || at->second.epoch != request.epoch ||
        at->second.commits != lane.expected_commits ||
        at->second.held_version != lane.held_version) {
      std::get<FenceAnswer>(answer).fenced = true;
    }
    changes_.lanes.push_back(lane);
  }
  return true;
}

// Only the oldest batch gets here, so what is committed is what it builds on.
bool FakeSession::change_parking(const engine::ParkingChanges& changes, Answer& answer) {
  FakeParking after = database_.parking;
  if (!after.apply(changes)) std::get<FenceAnswer>(answer).fenced = true;
  changes_.parking = changes;
  return true;
}

bool FakeSession::check(const engine::TableCheck& check, Answer& answer) {
  const std::string& table = check.table->name;
  for (std::size_t i = 0; i < check.versions.size(); ++i) {
    const Cell key = cell_of(check.keys, i);
    if (database_.states[table].contains(key) && locked(table, key, false)) return false;
    const auto row = find(table, key);
    if ((row ? row->version : engine::kAbsent) != check.versions[i]) note_conflict(answer, table);
  }
  return true;
}

std::optional<StateRow> FakeSession::find(const std::string& table, const Cell& key) const {
  for (const auto* tables : {&changes_.states, &std::as_const(database_.states)}) {
    const auto at = tables->find(table);
    if (at == tables->end()) continue;
    const auto row = at->second.find(key);
    if (row != at->second.end()) return row->second;
  }
  return std::nullopt;
}

void FakeSession::expect_table(const std::string& table) const {
  if (!database_.missing_tables.contains(table)) return;
  throw Failure(Remedy::give_up, "42P01", "relation " + table + " does not exist");
}

void FakeSession::expect_valid(const std::string& table, const Cells& cells) const {
  const auto check = database_.checks.find(table);
  if (check == database_.checks.end()) return;
  if (const auto constraint = check->second(cells)) {
    throw Failure(Remedy::retry_later, "23514", "constraint " + *constraint);
  }
}

void FakeSession::apply() {
  for (auto& [id, row] : changes_.inbox) {
    if (row) database_.inbox[id] = *row;
  }
  for (auto& [table, rows] : changes_.states) {
    for (auto& [key, row] : rows) database_.states[table][key] = row;
  }
  for (auto& [table, rows] : changes_.journals) {
    auto& journal = database_.journals[table];
    journal.insert(journal.end(), rows.begin(), rows.end());
  }
  database_.outbox.insert(database_.outbox.end(), changes_.outbox.begin(), changes_.outbox.end());
  database_.dead_letters.insert(
      database_.dead_letters.end(), changes_.dead_letters.begin(), changes_.dead_letters.end());
  EXPECT_TRUE(database_.parking.apply(changes_.parking)) << "a batch commits what was fenced";
  for (const engine::LaneAdvance& lane : changes_.lanes) {
    PositionRow& position = database_.positions.at(lane.lane);
    position.next_offset = lane.next_offset;
    ++position.commits;
    position.received += lane.received;
    position.completed += lane.completed;
    position.duplicate += lane.duplicate;
    position.rejected += lane.rejected;
    position.exhausted += lane.exhausted;
    position.undecodable += lane.undecodable;
    position.parked += lane.parked;
  }
}

}  // namespace pawl::test
