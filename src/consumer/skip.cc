#include "pawl/consumer/skip.h"

#include <array>
#include <utility>

#include "pawl/codec/fingerprint.h"
#include "pawl/codec/message_arena.h"
#include "pawl/codec/message_id.h"
#include "pawl/consumer/parts.h"
#include "pawl/core/clock.h"
#include "pawl/engine/dead_letter.h"
#include "pawl/engine/postgres_session.h"
#include "pawl/postgres/wait.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using postgres::Parameters;
using postgres::Statement;

constexpr std::chrono::milliseconds kStepMax = 20s;
constexpr const char* kClass = "skipped";
constexpr const char* kCode = "operator";

const Statement kLock{"skip_lock", R"(
SELECT next_offset FROM pawl.consumer_position WHERE consumer = $1 AND topic = $2 AND partition = $3 FOR UPDATE)"};

// At the beginning, because an owner that hangs may hold what we need; and once more under our
// lock: whoever comes back from there on waits for us, and then finds the lane moved.
const Statement kEndOwner{"skip_end_owner", R"(
SELECT count(pg_terminate_backend(a.pid))
FROM pawl.consumer_position p
CROSS JOIN jsonb_to_recordset(p.backends) AS b (pid integer, started timestamptz)
JOIN pg_stat_activity a ON a.pid = b.pid AND a.backend_start = b.started
WHERE p.consumer = $1 AND p.topic = $2 AND p.partition = $3)"};

// held_version fences whoever still works by the old position. Not `commits`: by those a batch
// whose COMMIT was not answered is found to be in.
const Statement kMove{"skip_move", R"(
WITH moved AS (
  UPDATE pawl.consumer_position
  SET next_offset = $4 + 1, held_version = held_version + 1, received = received + 1, exhausted = exhausted + $5,
      duplicate = duplicate + 1 - $5, updated_at = now()
  WHERE consumer = $1 AND topic = $2 AND partition = $3 RETURNING consumer)
INSERT INTO pawl.audit (who, action, filter, count, reason)
SELECT $6, 'skip', jsonb_build_object('consumer', c.name, 'topic', $2, 'partition', $3, 'offset', $4), 1, $7
FROM moved JOIN pawl.consumer c ON c.id = moved.consumer)"};

/// One record's transaction on an engine's session, step by step.
class Transaction {
 public:
  Transaction(const config::Settings& settings, std::int16_t consumer)
      : session_({.url = settings.database.url.reveal(),
                  .application_name = "pawl skip",
                  .session = {{"lock_timeout", "5s"},
                              {"statement_timeout", "15s"},
                              {"idle_in_transaction_session_timeout", "15s"}}},
                 consumer,
                 statements_) {}

  /// False: the id is known.
  bool claim(const inbox::Claim& claim) {
    session_.claim({.claims = {claim}, .loads = {}, .draw_number = false});
    const auto answer = await<engine::ClaimAnswer>();
    if (answer.conflict) throw Failure(Remedy::rerun_now, "conflict", *answer.conflict);
    began_at_ = answer.began_at;
    return answer.known.empty();
  }
  std::int64_t draw_outbox_number() {
    session_.load({.loads = {}, .draw_number = true});
    return await<engine::LoadAnswer>().outbox_batch;
  }
  void save(const engine::SaveRequest& request) {
    session_.save(request);
    await<engine::SaveAnswer>();
  }
  void commit() {
    session_.commit();
    if (!await<engine::CommitAnswer>().committed)
      throw Failure(Remedy::rerun_now, "rolled_back", "the database rolled the skip back");
  }
  [[nodiscard]] WallTime began_at() const { return began_at_; }
  postgres::Connection& connection() { return session_.connection(); }

 private:
  template <class Expected>
  Expected await() {
    const std::array<postgres::Connection* const, 1> only{&session_.connection()};
    std::optional<engine::Answer> answer = session_.receive();
    while (!answer) {
      if (!postgres::wait_until_readable(only, postgres::kNoFd, kStepMax))
        throw Failure(Remedy::reconnect_and_rerun, "timeout", "the database does not answer");
      answer = session_.receive();
    }
    if (const auto* failure = std::get_if<Failure>(&*answer)) throw Failure(*failure);
    return std::get<Expected>(std::move(*answer));
  }

  engine::StatementBook statements_;
  engine::PostgresSession session_;
  WallTime began_at_{};
};

Parameters lane_parameters(const SkipRequest& request) {
  Parameters parameters;
  parameters.add(request.consumer);
  parameters.add(std::string_view(request.lane.topic));
  parameters.add(request.lane.partition);
  return parameters;
}

bool stands_there(postgres::Connection& connection, const SkipRequest& request) {
  const postgres::Result row = connection.execute(kLock, lane_parameters(request));
  return row.rows() == 1 && row.integer(0, 0) == request.next_offset;
}

void move(postgres::Connection& connection,
          const SkipRequest& request,
          std::int64_t offset,
          Skipped ending) {
  Parameters parameters = lane_parameters(request);
  parameters.add(offset);
  parameters.add(std::int64_t{ending == Skipped::buried ? 1 : 0});
  parameters.add(std::string_view(request.who));
  parameters.add(std::string_view(request.reason));
  connection.execute(kMove, parameters);
}

engine::SaveRequest burial(const engine::EngineSettings& settings,
                           const engine::Item& item,
                           engine::DeadLetter letter,
                           WallTime began_at,
                           std::int64_t outbox_batch) {
  engine::SaveRequest request{.outbox_batch = outbox_batch,
                              .began_at = began_at,
                              .unclaim = {},
                              .endings = {{letter.message_id, Ending::exhausted, kCode}},
                              .writes = {},
                              .events = {},
                              .dead_letters = {}};
  engine::add_dead_letter_record(letter,
                                 item,
                                 {.consumer = settings.consumer,
                                  .topic = settings.dead_letter_topic,
                                  .id = codec::new_message_id(began_at),
                                  .died_at = SystemClock{}.wall(),
                                  .created_at = began_at},
                                 request.events);
  request.dead_letters.push_back(std::move(letter));
  return request;
}

}  // namespace

Skipped skip(const config::Settings& settings,
             const codec::CommandDecoder& decoder,
             const SkipRequest& request,
             Record record) {
  codec::MessageArena arena;
  engine::Lane lane{request.lane, request.next_offset, 0, nullptr};
  engine::Item item{{std::move(record)}, &lane, std::unexpected(codec::Undecodable{})};
  item.decoded = decoder.decode(item.pending.record, request.lane.topic, arena);
  engine::DeadLetter letter = engine::make_dead_letter(item, {kClass, kCode, request.reason});
  letter.attempts = 0;  // by us; what the consumer made of it is not known
  const std::int64_t fingerprint =
      item.decoded ? item.decoded->fingerprint
                   : codec::fingerprint(item.pending.record.value.value_or(std::string_view{}));

  Transaction transaction{settings, request.consumer};
  transaction.connection().execute(kEndOwner, lane_parameters(request));
  const bool is_new = transaction.claim({letter.message_id, fingerprint});
  if (!stands_there(transaction.connection(), request)) return Skipped::moved;
  transaction.connection().execute(kEndOwner, lane_parameters(request));
  if (is_new) {
    const std::int64_t number = transaction.draw_outbox_number();
    transaction.save(
        burial(engine_settings(settings), item, std::move(letter), transaction.began_at(), number));
  }
  const Skipped ending = is_new ? Skipped::buried : Skipped::duplicate;
  move(transaction.connection(), request, item.pending.record.offset, ending);
  transaction.commit();
  return ending;
}

}  // namespace pawl
