#include "bench/floor/sql_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace pawl::bench {
namespace {

using engine::Phase;
using namespace std::chrono_literals;

const postgres::Statement kCounts{"", R"(
SELECT (SELECT coalesce(sum(received), 0)::bigint FROM pawl.consumer_position),
       (SELECT count(*) FROM pawl.inbox),
       (SELECT count(*) FROM pawl.outbox))"};

void require(bool as_recorded, const std::string& what) {
  if (!as_recorded) throw std::runtime_error("the floor's SQL went another way: " + what);
}

}  // namespace

SqlReplay::SqlReplay(const postgres::ConnectionSettings& connection,
                     int in_flight,
                     Recording& recording)
    : in_flight_max_(in_flight), recording_(recording), store_(connection, "ledger", "pawl-bench") {
  store_.reconnect(in_flight);
  take_lanes();
}

void SqlReplay::take_lanes() {
  std::set<TopicPartition> lanes;
  for (const RecordedBatch& batch : recording_.batches) {
    for (const engine::LaneAdvance& advance : batch.fence.lanes) lanes.insert(advance.lane);
  }
  std::vector<engine::Position> first;
  for (const TopicPartition& lane : lanes) first.push_back({lane, 0, 0});
  store_.add_positions(first);
  const std::int64_t epoch = store_.new_epoch();
  const std::vector<TopicPartition> all{lanes.begin(), lanes.end()};
  require(store_.take_over(all, epoch).size() == all.size(), "not all lanes could be taken");
  for (RecordedBatch& batch : recording_.batches) batch.fence.epoch = epoch;
}

void SqlReplay::run(const Interrupt& interrupt, const Progress& progress) {
  while (committed_ < recording_.batches.size()) {
    interrupt.check();
    const auto before = std::pair{next_, committed_};
    if (!step()) store_.wait(100ms);
    if (before != std::pair{next_, committed_}) progress(next_, committed_);
  }
}

bool SqlReplay::step() {
  bool moved = false;
  for (Flight& flight : in_flight_) {
    while (flight.phase != Phase::settled && receive(flight)) moved = true;
    send_what_may(flight);
  }
  while (!in_flight_.empty() && in_flight_.front().phase == Phase::settled) {
    in_flight_.pop_front();
    ++committed_;
  }
  return start() || moved;
}

bool SqlReplay::start() {
  const bool may = next_ < recording_.batches.size() &&
                   in_flight_.size() < static_cast<std::size_t>(in_flight_max_) &&
                   (in_flight_.empty() || in_flight_.back().phase > Phase::decided);
  if (!may) return false;
  Flight& flight = in_flight_.emplace_back(&recording_.batches[next_++], free_session());
  session(flight).claim(flight.batch->claim);
  return true;
}

void SqlReplay::send_what_may(Flight& flight) {
  const Flight* const earlier = before(flight);
  if (flight.phase == Phase::decided && (earlier == nullptr || earlier->phase >= Phase::saved)) {
    session(flight).save(flight.batch->save);
    flight.phase = Phase::saving;
    flight.fence_sent = earlier == nullptr;
    if (flight.fence_sent) session(flight).fence(flight.batch->fence);
  }
  if (flight.phase == Phase::saved && earlier == nullptr) {
    session(flight).fence(flight.batch->fence);
    flight.phase = Phase::fencing;
  }
}

bool SqlReplay::receive(Flight& flight) {
  std::optional<engine::Answer> answer = session(flight).receive();
  if (!answer) return false;
  std::visit([&](auto& each) { on_answer(flight, each); }, *answer);
  return true;
}

void SqlReplay::on_answer(Flight& /*flight*/, engine::TakeParkedAnswer& /*answer*/) {
  throw std::logic_error("a recording knows no parked commands");
}

void SqlReplay::on_answer(Flight& flight, engine::ClaimAnswer& answer) {
  require(!answer.conflict, answer.conflict.value_or(""));
  flight.batch->save.outbox_batch = answer.outbox_batch;
  flight.batch->save.began_at = answer.began_at;
  flight.phase = Phase::decided;
}

void SqlReplay::on_answer(Flight& /*flight*/, engine::LoadAnswer& /*answer*/) {
  throw std::logic_error("a recording knows no handlers with SQL");
}

void SqlReplay::on_answer(Flight& flight, engine::SaveAnswer& answer) {
  require(!answer.conflict, answer.conflict.value_or(""));
  flight.phase = flight.fence_sent ? Phase::fencing : Phase::saved;
}

void SqlReplay::on_answer(Flight& flight, engine::FenceAnswer& answer) {
  require(!answer.fenced, "a position is not ours");
  require(!answer.conflict, answer.conflict.value_or(""));
  session(flight).commit();
  flight.phase = Phase::committing;
}

void SqlReplay::on_answer(Flight& flight, engine::CommitAnswer& answer) {
  require(answer.committed, "COMMIT was answered by ROLLBACK");
  flight.phase = Phase::settled;
}

void SqlReplay::on_answer(Flight& /*flight*/, Failure& failure) {
  throw failure;
}

const SqlReplay::Flight* SqlReplay::before(const Flight& flight) const {
  const Flight* earlier = nullptr;
  for (const Flight& each : in_flight_) {
    if (&each == &flight) break;
    if (each.phase != Phase::settled) earlier = &each;
  }
  return earlier;
}

int SqlReplay::free_session() const {
  int session = 0;
  const auto taken = [&](const Flight& flight) { return flight.session == session; };
  while (std::ranges::any_of(in_flight_, taken)) ++session;
  return session;
}

void require_rows(postgres::Connection& connection, const RecordedRows& expected) {
  const postgres::Result found = connection.execute(kCounts);
  const RecordedRows rows{static_cast<std::uint64_t>(found.integer(0, 0)),
                          static_cast<std::uint64_t>(found.integer(0, 1)),
                          static_cast<std::uint64_t>(found.integer(0, 2))};
  require(rows == expected,
          fmt::format("{} commands, {} ids, {} events; expected {}, {}, {}",
                      rows.commands,
                      rows.claimed,
                      rows.events,
                      expected.commands,
                      expected.claimed,
                      expected.events));
}

}  // namespace pawl::bench
