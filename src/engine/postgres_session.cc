#include "pawl/engine/postgres_session.h"

#include <utility>

#include "pawl/engine/array_parameters.h"
#include "pawl/engine/parking_statements.h"
#include "pawl/outbox/append.h"
#include "pawl/postgres/wait.h"

namespace pawl::engine {
namespace {

using postgres::Result;
using postgres::Statement;

// Batch k+1 writes rows that k has written: with a stricter default it would fail on them.
const Statement kBegin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED"};
// One batch at a time waits for others without holding up one of its own, and deadlocks are
// detected by the server: then patience costs nothing, and a time-out would cost a redo.
const Statement kWaitPatiently{"wait_patiently", "SET LOCAL lock_timeout = '5s'"};
const Statement kCommit{"commit", "COMMIT"};
const Statement kRollback{"rollback", "ROLLBACK"};
const Statement kDrawOutboxBatch{"outbox_draw_batch", "SELECT pawl.next_outbox_batch(), now()"};
const Statement kWhenBegun{"transaction_begun", "SELECT 0::bigint, now()"};

const Statement kAdvance{"position_advance", R"(
UPDATE pawl.consumer_position p
SET next_offset = v.next_offset, commits = p.commits + 1, received = p.received + v.received,
    completed = p.completed + v.completed, duplicate = p.duplicate + v.duplicate,
    rejected = p.rejected + v.rejected, exhausted = p.exhausted + v.exhausted,
    undecodable = p.undecodable + v.undecodable, parked = p.parked + v.parked,
    updated_at = now()
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
  AS v (topic, partition, next_offset, expected, held_version, received, completed, duplicate, rejected, exhausted,
        undecodable, parked)
WHERE p.consumer = $13 AND p.topic = v.topic AND p.partition = v.partition::integer
  AND p.epoch = $14 AND p.commits = v.expected AND p.held_version = v.held_version)"};

// The consumer is no condition: planned on an empty table, its index would be taken, which finds
// all of its letters.
const Statement kBury{"dead_letter_insert", R"(
INSERT INTO pawl.dead_letter (consumer, topic, partition, record_offset, record_time, message_id, type, key, headers,
                              payload, class, code, text, fingerprint, attempts, first_failed_at, redrives, history)
SELECT $19, topic, partition::integer, record_offset, record_time, message_id, type, key, headers, payload, class, code,
       text, fingerprint, attempts::integer, now() - failing_for * interval '1 ms',
       (SELECT coalesce(max(d.redrives) FILTER (WHERE d.consumer = $19), 0) FROM pawl.dead_letter d
        WHERE d.message_id = v.message_id OR d.edited_as = v.message_id),
       pawl.with_attempts(coalesce((SELECT h.history FROM pawl.held_key h
                                    WHERE h.consumer = $19 AND h.topic = v.topic AND h.partition = v.partition
                                      AND h.key = v.held_key AND h.lone_offset = v.lone_offset AND v.tried < v.attempts), '[]'),
                          tried, class, code)
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::uuid[], $6::text[], $7::bytea[],
            $8::jsonb[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[],
            $15::bigint[], $16::bigint[], $17::bytea[], $18::bigint[])
  AS v (topic, partition, record_offset, record_time, message_id, type, key, headers, payload, class, code, text,
        fingerprint, attempts, failing_for, tried, held_key, lone_offset))"};

void ignore(const Result&, Answer&) {}

}  // namespace

void PostgresSession::send(const Statement& statement, OnResult on_result) {
  connection_.send(statement, parameters_);
  parameters_.clear();
  building_.results.push_back(std::move(on_result));
}

void PostgresSession::finish_request() {
  connection_.sync();
  requests_.push_back(std::exchange(building_, {}));
}

void PostgresSession::take_parked(const TakeParkedRequest& request) {
  building_.answer = TakeParkedAnswer{};
  encode(request, consumer_, parameters_);
  send(kTakeParked, [](const Result& result, Answer& answer) { answer = decode_parked(result); });
  finish_request();
}

void PostgresSession::claim(const ClaimRequest& request) {
  building_.answer = ClaimAnswer{};
  send(kBegin, ignore);
  if (request.lock_loaded) send(kWaitPatiently, ignore);
  if (!request.claims.empty()) {
    send(inbox::kHoldGeneration, ignore);
    inbox::encode_stamp(request.claims, parameters_);
    send(inbox::kNoteStamp, ignore);
    inbox::encode_claims(request.claims, consumer_, parameters_);
    send(inbox::kClaim, [](const Result& result, Answer& answer) {
      for (int row = 0; row < result.rows(); ++row) {
        std::get<ClaimAnswer>(answer).known.emplace_back(result.uuid(row, 0),
                                                         result.integer(row, 1));
      }
    });
  }
  send_loads(request.loads, request.lock_loaded);
  // Last: whoever holds a lower number also holds, or has left, every lock that we just waited for.
  send(request.draw_number ? kDrawOutboxBatch : kWhenBegun,
       [](const Result& result, Answer& answer) {
         std::get<ClaimAnswer>(answer).outbox_batch = result.integer(0, 0);
         std::get<ClaimAnswer>(answer).began_at = result.time(0, 1);
       });
  finish_request();
}

void PostgresSession::load(const LoadRequest& request) {
  building_.answer = LoadAnswer{};
  send_loads(request.loads, request.lock_loaded);
  if (request.draw_number) {
    send(kDrawOutboxBatch, [](const Result& result, Answer& answer) {
      std::get<LoadAnswer>(answer).outbox_batch = result.integer(0, 0);
    });
  }
  finish_request();
}

void PostgresSession::send_loads(const std::vector<TableLoad>& loads, bool lock) {
  for (const TableLoad& load : loads) {
    parameters_.add_array(load.keys);
    const TableStatements& statements = book_.of(*load.table);
    send(lock ? statements.load_locked : statements.load,
         [table = load.table](const Result& result, Answer& answer) {
           std::visit(
               [&]<class T>(T& each) {
                 if constexpr (requires { each.rows; })
                   each.rows.push_back(decode_rows(*table, result));
               },
               answer);
         });
  }
}

postgres::HandlerTransaction& PostgresSession::handlers() {
  if (!handlers_) handlers_.emplace(connection_);
  return *handlers_;
}

void PostgresSession::save(const SaveRequest& request) {
  building_.answer = SaveAnswer{};
  if (!request.unclaim.empty()) {
    inbox::encode_ids(request.unclaim, consumer_, parameters_);
    send(inbox::kUnclaim, ignore);
  }
  for (const inbox::EndedAlike& alike : inbox::group(request.endings)) {
    inbox::encode_endings(alike, consumer_, parameters_);
    send(inbox::kMarkEndings, ignore);
  }
  send_writes(request.writes);
  if (!request.events.empty()) {
    outbox::encode(request.outbox_batch, 0, request.events, parameters_);
    send(outbox::kAppend, ignore);
  }
  send_dead_letters(request.dead_letters);
  finish_request();
}

void PostgresSession::send_writes(const std::vector<TableWrite>& writes) {
  for (const TableWrite& write : writes) {
    encode(write, parameters_);
    const TableStatements& statements = book_.of(*write.table);
    send(write.seen.empty() ? statements.insert : statements.update,
         [name = write.table->name, rows = static_cast<std::int64_t>(write.rows())](
             const Result& result, Answer& answer) {
           if (result.affected() == rows) return;
           std::visit(
               [&]<class T>(T& each) {
                 if constexpr (requires { each.conflict; })
                   each.conflict = name + ": a row was changed by others";
               },
               answer);
         });
  }
}

void PostgresSession::send_dead_letters(const std::vector<DeadLetter>& letters) {
  if (letters.empty()) return;
  postgres::Parameters& into = parameters_;
  add_each<std::string>(into, letters, [](const DeadLetter& l) { return l.lane.topic; });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.lane.partition; });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.offset; });
  std::vector<WallTime> times;
  for (const DeadLetter& letter : letters) times.push_back(letter.record_time);
  into.add_time_array(times);
  add_each<Uuid>(into, letters, [](const DeadLetter& l) { return l.message_id; });
  add_each<std::string>(into, letters, [](const DeadLetter& l) { return l.type; });
  into.add_bytes_array(views(letters, [](const DeadLetter& l) { return view(l.key); }));
  into.add_json_array(
      views(letters, [](const DeadLetter& l) { return std::string_view(l.headers); }));
  into.add_bytes_array(views(letters, [](const DeadLetter& l) { return view(l.payload); }));
  add_each<std::string>(into, letters, [](const DeadLetter& l) { return l.failure_class; });
  add_each<std::string>(into, letters, [](const DeadLetter& l) { return l.code; });
  add_each<std::string>(into, letters, [](const DeadLetter& l) { return l.text; });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.fingerprint; });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.attempts; });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.failing_for.count(); });
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) { return l.tried; });
  into.add_bytes_array(views(letters, [](const DeadLetter& l) -> std::optional<std::string_view> {
    if (!l.held_as) return std::nullopt;
    return l.held_as->key;
  }));
  add_each<std::int64_t>(into, letters, [](const DeadLetter& l) {
    return l.held_as ? l.held_as->lone_offset : HeldKeyId::kNotAlone;
  });
  into.add(consumer_);
  send(kBury, ignore);
}

void PostgresSession::fence(const FenceRequest& request) {
  building_.answer = FenceAnswer{};
  if (!request.lanes.empty()) send_lanes(request);
  send_parking(request.parking);
  send_writes(request.writes);
  for (const TableCheck& check : request.checks) {
    parameters_.add_array(check.keys);
    send(book_.of(*check.table).check, [check](const Result& result, Answer& answer) {
      if (still_true(check, result)) return;
      std::get<FenceAnswer>(answer).conflict =
          check.table->name + ": a row that was read has changed";
    });
  }
  finish_request();
}

void PostgresSession::send_lanes(const FenceRequest& request) {
  const auto& lanes = request.lanes;
  postgres::Parameters& into = parameters_;
  add_each<std::string>(into, lanes, [](const LaneAdvance& l) { return l.lane.topic; });
  add_each<std::int64_t>(into, lanes, [](const LaneAdvance& l) { return l.lane.partition; });
  for (const auto member : {&LaneAdvance::next_offset,
                            &LaneAdvance::expected_commits,
                            &LaneAdvance::held_version,
                            &LaneAdvance::received,
                            &LaneAdvance::completed,
                            &LaneAdvance::duplicate,
                            &LaneAdvance::rejected,
                            &LaneAdvance::exhausted,
                            &LaneAdvance::undecodable,
                            &LaneAdvance::parked}) {
    add_each<std::int64_t>(into, lanes, [member](const LaneAdvance& l) { return l.*member; });
  }
  into.add(consumer_);
  into.add(request.epoch);
  send(kAdvance,
       [count = static_cast<std::int64_t>(lanes.size())](const Result& result, Answer& answer) {
         std::get<FenceAnswer>(answer).fenced |= result.affected() != count;
       });
}

// Row counts that are not as expected mean that somebody else was here.
void PostgresSession::send_parking(const ParkingChanges& changes) {
  const auto send_rows = [this](const Statement& statement, const auto& rows) {
    if (rows.empty()) return;
    encode(rows, consumer_, parameters_);
    send(statement,
         [count = static_cast<std::int64_t>(rows.size())](const Result& result, Answer& answer) {
           std::get<FenceAnswer>(answer).fenced |= result.affected() != count;
         });
  };
  send_rows(kPark, changes.parked);
  send_rows(kEndParked, changes.ended);
  send_rows(kHold, changes.held);
  send_rows(kRelease, changes.released);
}

void PostgresSession::commit() {
  building_.answer = CommitAnswer{};
  send(kCommit, [](const Result& result, Answer& answer) {
    std::get<CommitAnswer>(answer).committed = result.command_tag() == "COMMIT";
  });
  finish_request();
}

// The claim is the only statement of its request that can violate a key.
void PostgresSession::fail(Request& request, const Failure& failure) {
  constexpr std::string_view kUniqueViolation = "23505";
  if (auto* claim = std::get_if<ClaimAnswer>(&request.answer);
      claim && failure.code() == kUniqueViolation) {
    claim->conflict = "a message id was claimed by others at the same time";
  } else if (!request.failure) {
    request.failure = failure;
  }
}

std::optional<Answer> PostgresSession::receive() {
  while (std::optional<postgres::Reply> reply = connection_.receive()) {
    if (requests_.empty()) {  // lost while nothing was asked
      if (auto* failure = std::get_if<Failure>(&*reply)) return *failure;
      continue;
    }
    Request& request = requests_.front();
    if (std::holds_alternative<postgres::Synced>(*reply)) {
      Answer answer = request.failure ? Answer{*request.failure} : std::move(request.answer);
      requests_.pop_front();
      return answer;
    }
    if (auto* failure = std::get_if<Failure>(&*reply)) {
      if (failure->remedy() == Remedy::reconnect_and_rerun)
        return *failure;  // nothing more will come
      fail(request, *failure);
    } else if (auto* result = std::get_if<Result>(&*reply)) {
      request.results.front()(*result, request.answer);
    }
    request.results.pop_front();
  }
  return std::nullopt;
}

void PostgresSession::rollback() {
  using namespace std::chrono_literals;
  constexpr std::chrono::milliseconds kWaitMax = 5s;
  while (connection_.outstanding() > 0) {
    while (std::optional<postgres::Reply> reply = connection_.receive()) {
      if (auto* failure = std::get_if<Failure>(&*reply);
          failure && failure->remedy() == Remedy::reconnect_and_rerun) {
        throw *failure;
      }
    }
    if (connection_.outstanding() == 0) break;
    postgres::Connection* const only[] = {&connection_};
    if (!postgres::wait_until_readable(only, postgres::kNoFd, kWaitMax)) {
      throw Failure(Remedy::reconnect_and_rerun,
                    "timeout",
                    "the database did not answer a batch's statements in 5 s");
    }
  }
  requests_.clear();
  connection_.execute(kRollback, {}, kWaitMax);
}

}  // namespace pawl::engine
