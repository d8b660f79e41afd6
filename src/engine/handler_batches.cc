// The way of a batch with handlers, from its claim until it is decided: one segment after the other
// in its one transaction. Deciders' rows are loaded and saved set-wise for each segment, so that
// handlers see them; what handlers write leaves memory, so that deciders read it again. The outbox
// number is drawn after the last lock. From then on the batch goes the way of all batches.

#include <algorithm>

#include "pawl/engine/engine.h"
#include "pawl/postgres/handler_transaction.h"

namespace pawl::engine {

// Its handlers' locks are waited for by nobody of ours, and no batch builds on rows that they may
// change.
bool Engine::must_be_alone(const Batch& batch) const {
  return !in_flight_.empty() &&
         (batch.handlers > 0 || in_flight_.back()->handlers > 0 || is_suspect(batch));
}

void Engine::give_excess_back(Batch& batch) const {
  while (batch.handlers > handlers_max_) {
    Item& last = batch.items.back();
    if (last.has_own_sql()) --batch.handlers;
    batch.bytes -= last.pending.record.bytes;
    last.lane->give_last_back(std::move(last.pending));
    batch.items.pop_back();
  }
}

// As many as the last batch had time for. What is claimed and given back is written for nothing.
void Engine::learn_handlers_max(const Batch& batch) {
  if (batch.handlers == 0) return;
  const auto left = static_cast<std::size_t>(std::ranges::count_if(
      batch.items, [](const Item& item) { return item.given_back && item.has_own_sql(); }));
  if (left > 0) {
    handlers_max_ = std::max<std::size_t>(1, batch.handlers - left);
  } else if (batch.handlers == handlers_max_) {
    handlers_max_ = std::min(kHandlersMax, 2 * handlers_max_);
  }
}

void Engine::on_answer(Batch& batch, LoadAnswer& answer) {
  if (batch.load.draw_number && !take_number(batch, answer.outbox_batch)) return;
  decider_.accept(batch, batch.load.loads, answer.rows);
  do_segment(batch);
}

// At deciders whose rows are there, or behind the last segment.
void Engine::do_segment(Batch& batch) {
  if (batch.segment < batch.segments.size())
    decider_.decide_segment(batch, batch.segments[batch.segment]);
  if (batch.segment + 1 >= batch.segments.size()) return note_decided(batch);
  if (!save_segment(batch)) next_segment(batch);
}

// Whether there is an answer to wait for.
bool Engine::save_segment(Batch& batch) {
  SaveRequest save{.writes = std::exchange(batch.save.writes, {})};
  FenceRequest fence{.epoch = epoch_, .checks = std::exchange(batch.fence.checks, {})};
  if (save.writes.empty() && fence.checks.empty()) return false;
  parts_.store.session(batch.session).save(save);
  parts_.store.session(batch.session).fence(fence);
  return true;
}

void Engine::next_segment(Batch& batch) {
  ++batch.segment;  // handlers follow on deciders, always
  if (!run_handlers(batch)) return;
  ++batch.segment;
  if (locked_mode_.on()) decider_.distrust();
  batch.load = {.lock_loaded = batch.claim.lock_loaded,
                .draw_number = batch.segment + 1 >= batch.segments.size()};
  if (batch.segment < batch.segments.size())
    batch.load.loads = decider_.touch(batch, batch.segments[batch.segment]);
  if (batch.load.loads.empty() && !batch.load.draw_number) return do_segment(batch);
  parts_.store.session(batch.session).load(batch.load);
}

// The engine's thread waits for each of their statements.
bool Engine::run_handlers(Batch& batch) {
  postgres::HandlerTransaction& sql = parts_.store.session(batch.session).handlers();
  try {
    decider_.handle_segment(batch, batch.segments[batch.segment], sql);
    sql.take_back();
    return true;
  } catch (const Failure& failure) {
    sql.abandon();
    doubt({Doubt::Kind::failed, &batch, failure.what(), failure});
    return false;
  }
}

}  // namespace pawl::engine
