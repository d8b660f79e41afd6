#include "behaviour/fake_store.h"

#include <algorithm>

namespace pawl::test {

FakeStore::~FakeStore() {
  std::erase_if(database_.owners, [this](const auto& entry) { return entry.second == this; });
}

void FakeStore::reconnect(int sessions) {
  sessions_.clear();  // what was not committed is rolled back
  for (int i = 0; i < sessions; ++i)
    sessions_.push_back(std::make_unique<FakeSession>(database_, lock_turns_max()));
}

// Jittered, as the real ones.
int FakeStore::lock_turns_max() {
  const int most = database_.lock_turns_max;
  return most == 0 ? 0 : std::uniform_int_distribution<>(most / 2, most)(random_);
}

std::vector<engine::Position> FakeStore::positions(std::span<const TopicPartition> lanes) {
  expect_connected();
  std::vector<engine::Position> found;
  for (const TopicPartition& lane : lanes) {
    const auto at = database_.positions.find(lane);
    if (at != database_.positions.end())
      found.push_back({lane, at->second.next_offset, at->second.commits, at->second.held_version});
  }
  return found;
}

bool FakeStore::topic_is_known(const std::string& topic) {
  expect_connected();
  return std::ranges::any_of(database_.positions,
                             [&](const auto& entry) { return entry.first.topic == topic; });
}

void FakeStore::add_positions(std::span<const engine::Position> first) {
  expect_connected();
  for (const engine::Position& position : first) {
    PositionRow row{.lane = position.lane,
                    .start_offset = position.next_offset,
                    .next_offset = position.next_offset};
    database_.positions.try_emplace(position.lane, row);
  }
}

std::vector<engine::Position> FakeStore::take_over(std::span<const TopicPartition> lanes,
                                                   std::int64_t epoch) {
  expect_connected();
  for (const TopicPartition& lane : lanes) {
    const auto owner = database_.owners.find(lane);
    if (owner != database_.owners.end() && owner->second != this)
      owner->second->terminate_sessions();
  }
  std::vector<engine::Position> taken = positions(lanes);
  for (engine::Position& position : taken) {
    PositionRow& row = database_.positions.at(position.lane);
    position.abandoned = row.owned;
    position.mark = row.mark;
    take(row, epoch);
  }
  return taken;
}

void FakeStore::give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) {
  expect_connected();
  for (const TopicPartition& lane : lanes) {
    PositionRow& row = database_.positions.at(lane);
    if (row.epoch != epoch) continue;
    row.owned = false;
    row.mark.reset();
  }
}

bool FakeStore::mark(std::span<const engine::LaneMark> marks, std::int64_t epoch) {
  expect_connected();
  const auto is_ours = [&](const engine::LaneMark& each) {
    return database_.positions.at(each.lane).epoch == epoch;
  };
  if (!std::ranges::all_of(marks, is_ours)) return false;
  for (const engine::LaneMark& each : marks) database_.positions.at(each.lane).mark = each.mark;
  return true;
}

std::vector<engine::Position> FakeStore::take_back(std::span<const TopicPartition> lanes,
                                                   std::int64_t mine,
                                                   std::int64_t epoch) {
  expect_connected();
  std::vector<TopicPartition> ours;
  for (const TopicPartition& lane : lanes) {
    const auto at = database_.positions.find(lane);
    if (at == database_.positions.end()) continue;
    if (at->second.epoch != mine && at->second.epoch != epoch) continue;
    take(at->second, epoch);
    ours.push_back(lane);
  }
  return positions(ours);
}

void FakeStore::take(PositionRow& position, std::int64_t epoch) {
  position.epoch = epoch;
  position.owned = true;
  database_.owners[position.lane] = this;
}

std::vector<engine::HeldKeyFound> FakeStore::held(std::span<const TopicPartition> lanes) {
  expect_connected();
  return database_.parking.read(lanes);
}

void FakeStore::wait(std::chrono::milliseconds) {
  std::vector<FakeSession*> order;
  for (const auto& session : sessions_) order.push_back(session.get());
  std::ranges::shuffle(order, random_);
  for (FakeSession* session : order) session->work();
}

void FakeStore::terminate_sessions() {
  for (const auto& session : sessions_) session->terminate();
}

std::string FakeStore::waits() const {
  std::string text;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    if (!sessions_[i]->waits_for().empty()) {
      text += "session " + std::to_string(i) + " waits for " + sessions_[i]->waits_for() + "; ";
    }
  }
  return text;
}

void FakeStore::expect_connected() const {
  if (sessions_.empty()) throw std::logic_error("used before reconnect()");
}

}  // namespace pawl::test
