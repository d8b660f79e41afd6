// Everything that went wrong, mended in one place. Two ways: roll back (connections healthy, no
// COMMIT sent, nobody else involved) or recover (whatever else): new connections, the positions
// taken back under a new epoch, and what they say decides which batches are in. Either way the rest
// goes back to its lanes and is done again, in order, one batch at a time.

#include <algorithm>

#include "pawl/engine/engine.h"

namespace pawl::engine {
namespace {

constexpr const char* kLockTimeout =
    "55P03";  // somebody holds our rows: perhaps our own old connection

}  // namespace

// The first doubt stands, unless the oldest batch's COMMIT, whose answer was still waited for, is
// in doubt as well: whatever the later batch suffered from is redone with it.
void Engine::doubt(Doubt doubt) {
  if (doubt_ && doubt.batch->phase != Phase::committing) return;
  doubt_ = std::move(doubt);
}

// To TCP a peer that takes our bytes and says nothing is no lost connection: a hung proxy, a server
// whose disk does not come back.
bool Engine::lose_patience() {
  const auto waited = parts_.clock.now() - answered_at_;
  if (must_recover_ || in_flight_.empty() || waited < settings_.answer_max) return false;
  parts_.log.warn(
      "the database does not answer; connecting again",
      {{"waited_ms", std::chrono::duration_cast<std::chrono::milliseconds>(waited).count()}});
  parts_.metrics.doubt("no_answer");
  must_recover_ = true;
  return true;
}

bool Engine::mend() {
  if (may_retake()) must_recover_ = true;
  // Whoever recovers anyway asks the database what is in; nobody listens for the answer to a COMMIT
  // any more.
  if (must_recover_) doubt_.reset();
  const bool commit_under_way = doubt_ && !in_flight_.empty() &&
                                doubt_->batch != in_flight_.front().get() &&
                                in_flight_.front()->phase == Phase::committing;
  if (commit_under_way || (!doubt_ && !(must_recover_ && !lanes_.empty()))) return false;
  if (doubt_) {
    const Doubt doubt = *std::exchange(doubt_, std::nullopt);
    mend(doubt);
  }
  if (parts_.clock.now() >= probe_at_ && must_recover_ && !lanes_.empty()) recover();
  return true;
}

void Engine::mend(const Doubt& doubt) {
  parts_.log.warn("batch in doubt",
                  {{"reason", to_string(doubt.kind)},
                   {"what", doubt.what},
                   {"commands", static_cast<std::int64_t>(doubt.batch->items.size())}});
  parts_.metrics.doubt(to_string(doubt.kind));
  switch (doubt.kind) {
    case Doubt::Kind::failed:
      return mend_failed(*doubt.batch, *doubt.failure);
    case Doubt::Kind::conflict:
      note_conflict();
      return redo({.limit = settings_.batch_commands_max, .lock = true});
    case Doubt::Kind::fenced:
    case Doubt::Kind::unknown_commit:
      must_recover_ = true;
      return;
  }
}

void Engine::mend_failed(Batch& batch, const Failure& failure) {
  switch (failure.remedy()) {
    case Remedy::reconnect_and_rerun:
      must_recover_ = true;
      if (++losses_ > 1) go_away(failure);  // a new connection did not help: give the server time
      return;
    case Remedy::rerun_now:
      note_conflict();
      care_.lock = true;
      if (failure.code() != kLockTimeout)
        return redo({.limit = settings_.batch_commands_max, .lock = true});
      must_recover_ = true;
      return;
    case Remedy::retry_later:
      return isolate(batch, failure);
    case Remedy::give_up:  // the database is not as it must be (a table or a right is missing): no
                           // command's fault
      redo({.limit = settings_.batch_commands_max});
      return go_away(failure);
  }
}

void Engine::note_conflict() {
  if (!locked_mode_.note_conflict(parts_.clock.now())) return;
  parts_.metrics.locked_mode(true);
  parts_.log.warn("others write the same rows: they are locked as they are loaded");
}

void Engine::leave_locked_mode() {
  if (!locked_mode_.end_if_over(parts_.clock.now())) return;
  parts_.metrics.locked_mode(false);
  parts_.log.info("rows in memory are trusted again");
}

// The failing statement belongs to one command of the batch, and only running smaller batches tells
// to which.
void Engine::isolate(Batch& batch, const Failure& failure) {
  if (batch.items.size() > 1) return redo({.limit = batch.items.size() / 2});
  Item& item = batch.items.front();
  if (item.pending.failed || !item.decoded) {  // not even that can be stored: lose nothing, wait
    redo({.limit = 1});
    return go_away(failure);
  }
  item.pending.alone = true;
  item.pending.failed =
      std::make_unique<FailureNote>(std::string(kDatabaseClass), failure.code(), failure.what());
  redo({.limit = 1});
}

void Engine::redo(Care care) {
  try {
    for (const auto& batch : in_flight_) {
      if (batch->phase != Phase::settled) parts_.store.session(batch->session).rollback();
    }
  } catch (const Failure&) {
    must_recover_ = true;  // it gives everything back itself
    return;
  }
  const bool held_has_changed =
      std::ranges::any_of(in_flight_, [](const auto& batch) { return changes_held(*batch); });
  for (auto& [id, lane] : lanes_) lane->rewind();
  give_everything_back(care);
  if (held_has_changed) reread_held();
}

void Engine::reread_held() {
  try {
    read_held();
  } catch (const Failure&) {
    must_recover_ = true;
  }
}

bool Engine::changes_held(const Batch& batch) {
  return !batch.held.empty() || !batch.fence.parking.empty();
}

bool Engine::recover() {
  const SteadyTime begin = parts_.clock.now();
  try {
    parts_.store.reconnect(settings_.in_flight);
    if (!next_epoch_) next_epoch_ = parts_.store.new_epoch();
    std::vector<Position> positions = parts_.store.take_back(lane_ids(), epoch_, *next_epoch_);
    retake_lost(positions);
    epoch_ = *std::exchange(next_epoch_, std::nullopt);
    settle_committed(positions);
    give_everything_back({.limit = settings_.batch_commands_max, .lock = care_.lock});
    for (auto& [id, lane] : lanes_) lane->rewind();
    for (const Position& position : positions) {
      lanes_.at(position.lane)->restart(position.next_offset, position.commits);
      lanes_.at(position.lane)->set_held_version(position.held_version);
    }
    read_held();
  } catch (const Failure& failure) {
    go_away(failure);
    return false;
  }
  must_recover_ = false;
  came_back();
  parts_.log.info(
      "recovered",
      {{"epoch", epoch_},
       {"duration_ms",
        std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.now() - begin)
            .count()}});
  return true;
}

// Lanes that did not come back belong to another process. Kafka will say so soon; if it does not,
// we are the rightful owner and take them again after a while.
void Engine::retake_lost(std::vector<Position>& positions) {
  std::vector<TopicPartition> lost;
  for (auto& [id, lane] : lanes_) {
    const bool ours = std::any_of(
        positions.begin(), positions.end(), [&](const Position& p) { return p.lane == id; });
    lane->set_lost(!ours);
    if (!ours) lost.push_back(id);
  }
  if (lost.empty()) {
    retake_at_.reset();
  } else if (!retake_at_) {
    const double jitter = std::uniform_real_distribution<>(0, 1)(random_);
    retake_at_ = parts_.clock.now() + kRetakePause +
                 std::chrono::milliseconds{static_cast<int>(jitter * 5000)};
    parts_.metrics.fenced(static_cast<std::int64_t>(lost.size()));
    parts_.log.warn("lanes lost to another process",
                    {{"lanes", static_cast<std::int64_t>(lost.size())}});
  } else if (may_retake()) {
    for (Position& position : parts_.store.take_over(lost, *next_epoch_)) {
      lanes_.at(position.lane)->set_lost(false);
      suspect(position);
      positions.push_back(std::move(position));
    }
    retake_at_.reset();
  }
}

bool Engine::may_retake() const {
  return retake_at_ && parts_.clock.now() >= *retake_at_ && parts_.intake.is_settled();
}

// Whoever sees one more commit than a batch expected knows that the batch is in.
void Engine::settle_committed(const std::vector<Position>& positions) {
  for (const auto& batch : in_flight_) {
    if (batch->phase != Phase::committing) break;
    const bool is_in = std::any_of(
        batch->fence.lanes.begin(), batch->fence.lanes.end(), [&](const LaneAdvance& lane) {
          return std::any_of(positions.begin(), positions.end(), [&](const Position& position) {
            return position.lane == lane.lane && position.commits > lane.expected_commits;
          });
        });
    if (is_in) settle(*batch);
  }
}

void Engine::give_everything_back(Care care) {
  care.commands = 0;
  for (const auto& batch : in_flight_) {
    if (batch->phase == Phase::settled) continue;
    for (Item& item : batch->items) {
      if (!item.given_back) item.lane->give_back(std::move(item.pending));
    }
    care.commands += batch->items.size();
  }
  give_prepared_back();
  in_flight_.clear();
  decider_.forget();
  care_ = care;
}

void Engine::give_prepared_back() {
  if (!prepared_) return;
  for (Item& item : prepared_->items) item.lane->give_back(std::move(item.pending));
  prepared_.reset();
}

void Engine::go_away(const Failure& failure, std::string_view dependency) {
  ++probes_;
  const double jitter = std::uniform_real_distribution<>(0.5, 1)(random_);
  probe_at_ = parts_.clock.now() + backoff_delay(settings_.probing, probes_, jitter);
  if (failure.remedy() != Remedy::give_up) must_recover_ = true;
  if (!away_ || away_from_ != dependency) {
    if (away_) parts_.metrics.paused(away_from_, false);
    away_from_ = dependency;
    away_since_ = parts_.clock.wall();
    parts_.metrics.paused(dependency, true);
    parts_.log.error(std::string(dependency) + " cannot be used; waiting, no attempt is counted",
                     {{"code", failure.code()}, {"what", failure.what()}});
  }
  away_ = failure.what();
}

void Engine::came_back() {
  probes_ = 0;
  if (!away_) return;
  away_.reset();
  parts_.metrics.paused(away_from_, false);
  parts_.log.info(std::string(away_from_) + " is back");
}

std::vector<TopicPartition> Engine::lane_ids() const {
  std::vector<TopicPartition> ids;
  for (const auto& [id, lane] : lanes_) ids.push_back(id);
  return ids;
}

std::string_view Engine::to_string(Doubt::Kind kind) {
  switch (kind) {
    case Doubt::Kind::failed:
      return "failed";
    case Doubt::Kind::conflict:
      return "conflict";
    case Doubt::Kind::fenced:
      return "fenced";
    case Doubt::Kind::unknown_commit:
      return "unknown_commit";
  }
  return "impossible";
}

}  // namespace pawl::engine
