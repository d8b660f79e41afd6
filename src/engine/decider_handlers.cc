// Commands whose handlers work on the database themselves.

#include <algorithm>
#include <utility>

#include "pawl/engine/context.h"
#include "pawl/engine/decider.h"
#include "pawl/postgres/handler_transaction.h"
#include "pawl/retry/retry_policy.h"

namespace pawl::engine {
namespace {

// What a deadlock or a lost connection hit could have been any command.
bool is_nobodys_fault(const Failure& failure) {
  return failure.remedy() == Remedy::rerun_now || failure.remedy() == Remedy::reconnect_and_rerun;
}

// While the circuit is open, what a service did not do is not the command's failure.
FailureNote caught_outside(const DependencyTrouble& trouble) {
  FailureNote note = caught(trouble.dependency);
  note.failure_class = kOutsideClass;
  if (trouble.open_until) note.outage = Outage{*trouble.open_until, trouble.called};
  return note;
}

// What is being caught. SQL that the database refuses is the command's failure whatever the code:
// it was written for this command alone, unlike the engine's own statements.
FailureNote caught_in_handler(const DependencyTrouble* trouble) {
  if (trouble) return caught_outside(*trouble);
  if (const auto failure = postgres::caught_sql_failure()) {
    if (is_nobodys_fault(*failure)) throw Failure(*failure);
    return {"database", failure->code(), failure->what()};
  }
  return caught("threw");
}

}  // namespace

std::vector<TableLoad> Decider::touch(const Batch& batch, std::span<Item* const> segment) {
  for (Table* table : parts_.domain.tables()) table->begin_batch(batch.number);
  std::size_t number = 0;
  for (Item* item : segment) {
    if (item->is_to_be_decided()) touch(*item, number++);
  }
  parts_.handling.end();
  return take_needs();
}

// No other batch is in flight.
void Decider::decide_segment(Batch& batch, std::span<Item* const> segment) {
  for (Item* item : segment) decide_item(batch, *item);
  parts_.handling.end();
  gather_writes(batch, batch.number);
}

// How a handler ended: a decision, or why not.
struct Decider::Attempt {
  Attempt(const Item& item, postgres::HandlerSql& sql, Circuits& circuits)
      : info(item.info()), context(info, sql, circuits) {}

  [[nodiscard]] bool stays() const { return !failure && !decision.rejected(); }

  CommandInfo info;
  Context context;
  Decision decision{};
  std::optional<Emitted> rejection{};
  std::optional<FailureNote> failure{};
};

void Decider::handle_segment(Batch& batch,
                             std::span<Item* const> segment,
                             postgres::HandlerTransaction& sql) {
  sql_ = &sql;
  const Handling::End end{parts_.handling};  // a lost connection is thrown
  if (!batch.handlers_end) batch.handlers_end = parts_.clock.now() + kHandlingMax;
  while (!segment.empty() && batch.savepoints < kSavepointsMax && !is_time_over(batch)) {
    const std::size_t size = std::min(segment.size(), group_max_);
    segment = segment.subspan(handle_group(batch, segment.first(size)));
  }
  for (Item* item : segment) give_back(batch, *item);
  for (Table* table : std::exchange(stale_, {})) table->forget();
}

bool Decider::is_time_over(const Batch& batch) const {
  return parts_.clock.now() >= *batch.handlers_end;
}

// Under one savepoint, for setting one takes as long as a handler's own statement. Mostly all goes
// well. If not, the trace of the first that may not leave one takes the others' with it: those run
// again, it does not, for its attempt is made. Returns how many items are through.
std::size_t Decider::handle_group(Batch& batch, std::span<Item* const> group) {
  const Attempts attempts = attempt_in_order(batch, group);
  const std::size_t through = attempts.size();
  if (attempts.back() && !attempts.back()->stays() && sql_->used()) {
    sql_->undo();
    const auto before = group.first(through - 1);
    const std::size_t again = before.empty() ? 0 : handle_group(batch, before);
    group_max_ = std::max<std::size_t>(1, group_max_ / 2);
    if (again < before.size()) return again;  // another time, another end
    end_handled(batch, *group[through - 1], attempts.back());
    return through;
  }
  sql_->keep();
  ++batch.savepoints;
  for (std::size_t i = 0; i < through; ++i) end_handled(batch, *group[i], attempts[i]);
  if (through == group_max_) group_max_ = std::min(kGroupMax, 2 * group_max_);
  return through;
}

// Up to the first that fails or rejects, or until time is over. Items that are not to be handled
// have no attempt.
Decider::Attempts Decider::attempt_in_order(const Batch& batch, std::span<Item* const> group) {
  Attempts attempts;
  for (const Item* item : group) {
    auto& latest = attempts.emplace_back();
    const bool is_new = item->is_to_be_decided() && item->claimed;
    if (!is_new || !is_its_turn(*item) || is_behind_held(*item)) continue;
    latest = std::make_unique<Attempt>(*item, *sql_, parts_.circuits);
    attempt(*item, *latest);
    // What calls outside is the last of its group: nobody's failure makes it call again.
    if (!latest->stays() || latest->context.called_outside() || is_time_over(batch)) break;
    sql_->go_on();
  }
  return attempts;
}

void Decider::attempt(const Item& item, Attempt& attempt) {
  parts_.handling.begin(*item.decoded->type, item.pending.record);
  try {
    attempt.decision =
        parts_.domain.handle(*item.decoded->type, item.decoded->message, attempt.context);
    if (attempt.decision.rejected())
      attempt.rejection = parts_.domain.rejection(attempt.info, attempt.decision.code());
  } catch (...) {
    attempt.failure = caught_in_handler(attempt.context.trouble());
  }
  if (!sql_->may_keep() && !attempt.failure) {
    attempt.failure = {
        "handler", "statement_failed", "a statement failed, and the handler went on"};
  }
}

void Decider::end_handled(Batch& batch, Item& item, const std::unique_ptr<Attempt>& attempt) {
  if (!attempt) return decide_item(batch, item);
  if (attempt->failure) {
    attempt_failed(batch, item, std::move(*attempt->failure));
  } else if (attempt->decision.rejected()) {
    reject(batch, item, attempt->decision, std::move(attempt->rejection));
  } else {
    for (const Emitted& event : attempt->context.events()) emit(batch, item, event);
    for (const Emitted& event : attempt->decision.events()) emit(batch, item, event);
    for (Table* table : parts_.domain.written_by(*item.decoded->type)) stale_.insert(table);
    item.ending = Ending::completed;
  }
  count_ended(batch, item);
}

}  // namespace pawl::engine
