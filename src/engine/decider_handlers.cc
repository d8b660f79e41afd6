// Commands whose handlers work on the database themselves.

#include <utility>

#include "pawl/engine/context.h"
#include "pawl/engine/decider.h"
#include "pawl/postgres/handler_transaction.h"

namespace pawl::engine {
namespace {

// What a deadlock or a lost connection hit could have been any command.
bool is_nobodys_fault(const Failure& failure) {
  return failure.remedy() == Remedy::rerun_now || failure.remedy() == Remedy::reconnect_and_rerun;
}

// What is being caught. SQL that the database refuses is the command's failure whatever the code:
// it was written for this command alone, unlike the engine's own statements.
FailureNote caught_in_handler() {
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

void Decider::handle_segment(Batch& batch,
                             std::span<Item* const> segment,
                             postgres::HandlerTransaction& sql) {
  sql_ = &sql;
  const Handling::End end{parts_.handling};  // a lost connection is thrown
  for (Item* item : segment) decide_item(batch, *item);
  for (Table* table : std::exchange(stale_, {})) table->forget();
}

// How a handler ended: a decision, or why not.
struct Decider::Attempt {
  Decision decision{};
  std::optional<Emitted> rejection{};
  std::optional<FailureNote> failure{};
};

Decider::Attempt Decider::attempt(const Item& item, Context& context) {
  Attempt attempt;
  try {
    attempt.decision = parts_.domain.handle(*item.decoded->type, item.decoded->message, context);
    if (attempt.decision.rejected()) {
      attempt.rejection = parts_.domain.rejection(context.info(), attempt.decision.code());
    }
  } catch (...) {
    attempt.failure = caught_in_handler();
  }
  if (!sql_->may_keep() && !attempt.failure) {
    attempt.failure = {
        "handler", "statement_failed", "a statement failed, and the handler went on"};
  }
  return attempt;
}

void Decider::handle_command(Batch& batch, Item& item) {
  const CommandInfo info = item.info();
  Context context{info, *sql_};
  parts_.handling.begin(*item.decoded->type, item.pending.record);
  Attempt ended = attempt(item, context);
  if (ended.failure) {
    sql_->undo();
    return attempt_failed(batch, item, std::move(*ended.failure));
  }
  if (ended.decision.rejected()) {
    sql_->undo();
    return reject(batch, item, ended.decision, std::move(ended.rejection));
  }
  sql_->keep();
  for (const Emitted& event : context.events()) emit(batch, item, event);
  for (const Emitted& event : ended.decision.events()) emit(batch, item, event);
  for (Table* table : parts_.domain.written_by(*item.decoded->type)) stale_.insert(table);
  item.ending = Ending::completed;
}

}  // namespace pawl::engine
