#include "pawl/engine/engine.h"

#include <algorithm>
#include <map>

namespace pawl::engine {

namespace {

void note_age(Batch& batch, WallTime produced_at) {
  if (produced_at == WallTime{}) return;  // a record without timestamp
  if (!batch.oldest || produced_at < *batch.oldest) batch.oldest = produced_at;
}

}  // namespace

Engine::Engine(EngineSettings settings, Parts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      random_(parts_.seed),
      decider_({settings_,
                parts_.decoder,
                parts_.domain,
                parts_.metrics,
                parts_.log,
                parts_.clock,
                random_,
                handling_,
                parts_.circuits}),
      mailbox_([this] { parts_.store.wake(); }),
      locked_mode_(settings_.sharing) {
  parts_.metrics.locked_mode(locked_mode_.on());
}

bool Engine::step() {
  bool moved = read_mailbox();
  moved |= obey_pauses();
  if (parts_.clock.now() >= probe_at_) {
    moved |= advance();
    moved |= watch_idle_sessions();
    moved |= lose_patience();
    moved |= mend();
    moved |= take_lanes();
    moved |= start_batch();
    moved |= prepare_batch();
    moved |= watch_held_versions();
    finished_.clear();  // after the next batch is on its way: the database need not wait for our
                        // clean-up
    peek_paused();
  } else {
    for (auto& [id, lane] : lanes_) lane->peek(parts_.clock.now());
  }
  moved |= release_lanes();
  publish_status(moved);
  return moved;
}

bool Engine::advance() {
  if (must_recover_) return false;  // the sessions are gone, or soon will be
  bool moved = false;
  for (const auto& batch : in_flight_) {
    while (may_receive(*batch) && receive(*batch)) moved = true;
    if (doubt_) continue;
    if (may_claim(*batch)) claim(*batch);
    if (batch->phase == Phase::decided) save(*batch);
    if (batch->phase == Phase::saved && !before(*batch)) fence(*batch);
  }
  while (!in_flight_.empty() && in_flight_.front()->phase == Phase::settled) {
    finished_.push_back(std::move(in_flight_.front()));
    in_flight_.pop_front();
  }
  return moved;
}

// In doubt, only the answer to a COMMIT is still of interest: the doubt is mended when it is there.
bool Engine::may_receive(const Batch& batch) const {
  return batch.phase != Phase::settled && (!doubt_ || batch.phase == Phase::committing);
}

// A connection without a batch is listened to, too: its loss would otherwise be noticed by the next
// command only, and until then its readable socket would end every wait at once.
bool Engine::watch_idle_sessions() {
  if (must_recover_ || doubt_) return false;
  for (int session = 0; session < settings_.in_flight; ++session) {
    const auto carried = [&](const auto& batch) { return batch->session == session; };
    if (std::any_of(in_flight_.begin(), in_flight_.end(), carried)) continue;
    const std::optional<Answer> answer = parts_.store.session(session).receive();
    if (!answer) continue;
    if (const auto* failure = std::get_if<Failure>(&*answer)) {
      parts_.log.warn("connection lost while idle",
                      {{"code", failure->code()}, {"what", failure->what()}});
    }
    must_recover_ = true;
    return true;
  }
  return false;
}

bool Engine::receive(Batch& batch) {
  std::optional<Answer> answer = parts_.store.session(batch.session).receive();
  if (!answer) return false;
  answered_at_ = parts_.clock.now();
  std::visit([&](auto& each) { on_answer(batch, each); }, *answer);
  return true;
}

void Engine::on_answer(Batch& batch, ClaimAnswer& answer) {
  batch.times.claimed = parts_.clock.now();
  if (answer.conflict) return doubt({Doubt::Kind::conflict, &batch, *answer.conflict});
  if (!batch.claim.draw_number) {
    decider_.begin(batch, answer, epoch_);
    batch.phase = Phase::working;
    return do_segment(batch);
  }
  if (!take_number(batch, answer.outbox_batch)) return;
  decider_.decide(batch, answer, in_flight_.front()->number, epoch_);
  note_decided(batch);
}

bool Engine::take_number(Batch& batch, std::int64_t outbox_batch) {
  if (outbox_batch <= last_outbox_batch_) {
    doubt({Doubt::Kind::conflict, &batch, "the outbox sequence went back"});
    return false;
  }
  batch.save.outbox_batch = last_outbox_batch_ = outbox_batch;
  return true;
}

void Engine::note_decided(Batch& batch) {
  if (batch.changed_by_others > 0) locked_mode_.note_foreign_change(parts_.clock.now());
  decider_.gather_parking(batch);
  for (const LaneAdvance& advance : batch.fence.lanes) {
    lanes_.at(advance.lane)->advance(advance.next_offset);
  }
  // What lies behind a command that went back must not overtake it.
  if (std::ranges::any_of(batch.items, &Item::given_back)) give_prepared_back();
  learn_handlers_max(batch);
  batch.times.decided = parts_.clock.now();
  batch.phase = Phase::decided;
}

void Engine::save(Batch& batch) {
  parts_.store.session(batch.session).save(batch.save);
  batch.phase = Phase::saving;
  if (before(batch)) return;
  parts_.store.session(batch.session).fence(batch.fence);  // the oldest batch waits for nobody
  batch.fence_sent = true;
}

void Engine::on_answer(Batch& batch, SaveAnswer& answer) {
  if (answer.conflict) return doubt({Doubt::Kind::conflict, &batch, *answer.conflict});
  if (batch.phase == Phase::working) return;  // a segment's; the answer to its checks follows
  batch.times.saved = parts_.clock.now();
  batch.phase = batch.fence_sent ? Phase::fencing : Phase::saved;
}

void Engine::fence(Batch& batch) {
  parts_.store.session(batch.session).fence(batch.fence);
  batch.phase = Phase::fencing;
}

void Engine::on_answer(Batch& batch, FenceAnswer& answer) {
  if (answer.fenced)
    return doubt({Doubt::Kind::fenced, &batch, "its position is not ours any more"});
  if (answer.conflict) return doubt({Doubt::Kind::conflict, &batch, *answer.conflict});
  if (batch.phase == Phase::working) return next_segment(batch);
  commit(batch);
}

void Engine::commit(Batch& batch) {
  parts_.store.session(batch.session).commit();
  batch.phase = Phase::committing;
}

void Engine::on_answer(Batch& batch, CommitAnswer& answer) {
  if (!answer.committed)
    return doubt({Doubt::Kind::unknown_commit, &batch, "COMMIT was answered by ROLLBACK"});
  settle(batch);
}

void Engine::on_answer(Batch& batch, Failure& failure) {
  const bool unknown =
      batch.phase == Phase::committing && failure.remedy() == Remedy::reconnect_and_rerun;
  doubt({unknown ? Doubt::Kind::unknown_commit : Doubt::Kind::failed,
         &batch,
         failure.what(),
         failure});
}

void Engine::settle(Batch& batch) {
  if (parts_.on_committed)
    parts_.on_committed({batch.save.outbox_batch, std::move(batch.save.events)});
  decider_.settle(batch);
  report(batch);
  std::vector<LaneStart> next;
  for (const LaneAdvance& advance : batch.fence.lanes) {
    Lane& lane = *lanes_.at(advance.lane);
    lane.settle(advance.next_offset);
    lane.suspicion().settle(advance.received, advance.next_offset);
    next.push_back({advance.lane, advance.next_offset});
  }
  parts_.intake.report(next);
  came_back();
  losses_ = 0;
  locked_mode_.note_commit();
  care_.commands -= std::min(care_.commands, batch.items.size());
  batch.phase = Phase::settled;
}

bool Engine::may_start() const {
  if (must_recover_ || doubt_ || releasing_ || taking_ || lanes_.empty()) return false;
  if (!knows_pauses()) return false;
  if (parts_.clock.now() < probe_at_) return false;  // gone away in this very step
  if (!in_flight_.empty() && in_flight_.back()->suspect) return false;
  const auto allowed = one_at_a_time() ? 1U : static_cast<std::size_t>(settings_.in_flight);
  return in_flight_.size() < allowed &&
         (in_flight_.empty() || in_flight_.back()->phase > Phase::decided);
}

bool Engine::one_at_a_time() const {
  return care_.commands > 0 || locked_mode_.on();
}

// A transaction costs as much as some thirty commands in it. When they are fewer, more join them
// until the one in flight is through: under pressure that is what keeps the processors free.
bool Engine::is_worth_overlapping(const Batch& batch) const {
  return in_flight_.empty() || is_full(batch, std::min(settings_.overlap_min, batch_limit()));
}

bool Engine::start_batch() {
  leave_locked_mode();
  if (!may_start()) return false;
  fill_prepared();
  if (start_parked_batch()) return true;
  if (!prepared_ || must_be_alone(*prepared_) || !is_worth_overlapping(*prepared_)) return false;
  if (is_suspect(*prepared_) && !mark(*prepared_)) return true;  // what follows is recovery
  expected_size_ = prepared_->items.size();
  claim(enter(std::move(prepared_)));
  return true;
}

Batch& Engine::enter(std::unique_ptr<Batch> batch) {
  batch->number = ++last_number_;
  batch->session = free_session();
  batch->times.started = parts_.clock.now();
  if (in_flight_.empty()) answered_at_ = batch->times.started;
  return *in_flight_.emplace_back(std::move(batch));
}

void Engine::claim(Batch& batch) {
  if (locked_mode_.on()) decider_.distrust();  // every row is loaded, and locked
  decider_.prepare_claim(batch);
  batch.claim.lock_loaded = locked_mode_.on() || (care_.commands > 0 && care_.lock);
  parts_.store.session(batch.session).claim(batch.claim);
  batch.phase = Phase::claiming;
}

// While the database works, the next batch is taken and decoded; it may still grow until it starts.
// Not out of lanes that a batch between two segments gives back to: its later segments look there.
bool Engine::prepare_batch() {
  if (prepared_ || in_flight_.empty() || doubt_ || must_recover_ || releasing_ ||
      care_.commands > 0 || in_flight_.back()->phase == Phase::working)
    return false;
  fill_prepared();
  return prepared_ != nullptr;
}

void Engine::fill_prepared() {
  if (!prepared_) prepared_ = std::make_unique<Batch>();
  take_items(*prepared_);
  if (prepared_->items.empty()) prepared_.reset();
}

// Takes from each lane in turn, a few each time: no lane starves, and what has just been read is
// decoded while the processor's caches hold it.
void Engine::take_items(Batch& batch) {
  const std::size_t commands_max = batch_limit();
  if (is_full(batch, commands_max)) return;  // nobody's turn is used up
  const std::vector<Lane*> order = lanes_in_turn();
  batch.items.reserve(std::min(commands_max, expected_size_));
  const std::size_t turn = std::clamp<std::size_t>(commands_max / order.size(), 1, kTurnMax);
  for (bool more = true; more;) {
    more = false;
    for (Lane* lane : order) {
      if (is_full(batch, commands_max)) return;
      more |= take_from(*lane, batch, std::min(turn, commands_max - batch.items.size()));
    }
  }
}

std::vector<Lane*> Engine::lanes_in_turn() {
  std::vector<Lane*> order;
  for (auto& [id, lane] : lanes_) order.push_back(lane.get());
  std::rotate(order.begin(),
              order.begin() + static_cast<std::ptrdiff_t>(first_lane_++ % order.size()),
              order.end());
  return order;
}

bool Engine::is_full(const Batch& batch, std::size_t commands_max) const {
  if (batch.handlers >= handlers_max_) return true;
  if (batch.items.size() >= commands_max || batch.bytes >= settings_.batch_bytes_max) return true;
  return !batch.items.empty() && batch.items.back().pending.alone;
}

bool Engine::take_from(Lane& lane, Batch& batch, std::size_t records_max) {
  taken_.clear();
  lane.take(taken_,
            {records_max, settings_.batch_bytes_max - batch.bytes, batch.items.empty()},
            parts_.clock.now());
  const std::size_t first = batch.items.size();
  for (Pending& pending : taken_) add_item(batch, std::move(pending), lane);
  decider_.decode(batch, first);
  give_excess_back(batch);
  return !taken_.empty();
}

void Engine::add_item(Batch& batch, Pending pending, Lane& lane) {
  batch.bytes += pending.record.bytes;
  if (!pending.parked) note_age(batch, pending.record.timestamp);
  batch.items.push_back({std::move(pending), &lane, std::unexpected(codec::Undecodable{})});
}

std::size_t Engine::batch_limit() const {
  if (care_.commands == 0) return settings_.batch_commands_max;
  return std::min(settings_.batch_commands_max, std::max<std::size_t>(1, care_.limit));
}

const Batch* Engine::before(const Batch& batch) const {
  const Batch* earlier = nullptr;
  for (const auto& each : in_flight_) {
    if (each.get() == &batch) break;
    if (each->phase != Phase::settled) earlier = each.get();
  }
  return earlier;
}

int Engine::free_session() const {
  int session = 0;
  const auto taken = [&](const auto& batch) { return batch->session == session; };
  while (std::any_of(in_flight_.begin(), in_flight_.end(), taken)) ++session;
  return session;
}

std::chrono::milliseconds Engine::idle_for() const {
  using namespace std::chrono_literals;
  constexpr std::chrono::milliseconds kIdleMax = 500ms;
  const SteadyTime now = parts_.clock.now();
  const auto until = [&](SteadyTime time) {
    return std::max(0ms, std::chrono::ceil<std::chrono::milliseconds>(time - now));
  };
  if (now < probe_at_) return std::min(kIdleMax, until(probe_at_));
  std::chrono::milliseconds wait = kIdleMax;
  if (retake_at_ && *retake_at_ > now) wait = std::min(wait, until(*retake_at_));
  if (releasing_) wait = std::min(wait, until(release_until_));
  for (const auto& [id, lane] : lanes_) {
    if (lane->paused()) continue;
    if (lane->blocked_until() > now) wait = std::min(wait, until(lane->blocked_until()));
    // A head that is due already waits for a batch in flight, whose answer ends the wait.
    if (const auto due = lane->held().next_due(); due && (in_flight_.empty() || *due > now))
      wait = std::min(wait, until(*due));
  }
  return wait;
}

}  // namespace pawl::engine
