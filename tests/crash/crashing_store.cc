#include "crash/crashing_store.h"

#include <algorithm>
#include <iterator>

#include "pawl/outbox/append.h"
#include "pawl/postgres/wait.h"

namespace pawl::test {

using namespace std::chrono_literals;

postgres::Connection& SideDoor::connection() {
  if (!connection_) {
    connection_ = std::make_unique<postgres::Connection>(
        postgres::ConnectionSettings{.url = url_, .application_name = "crash worker's side door"});
  }
  return *connection_;
}

void SideDoor::terminate(int backend) {
  postgres::Parameters parameters;
  parameters.add(std::int64_t{backend});
  connection().execute({"", "SELECT pg_terminate_backend($1::bigint::integer, 10000)"}, parameters);
}

void SideDoor::append(std::int64_t outbox_batch, const OutboxRows& rows) {
  if (rows.empty()) return;
  postgres::Parameters parameters;
  outbox::encode(outbox_batch, 0, rows, parameters);
  connection().execute(outbox::kAppend, parameters);
}

std::vector<Uuid> SideDoor::claimed_by_anybody(const std::vector<Uuid>& ids) {
  postgres::Parameters parameters;
  parameters.add_array(std::span<const Uuid>(ids));
  const auto rows = connection().execute(
      {"", "SELECT message_id FROM pawl.inbox WHERE message_id = ANY ($1)"}, parameters);
  std::vector<Uuid> found;
  for (int row = 0; row < rows.rows(); ++row) found.push_back(rows.uuid(row, 0));
  return found;
}

void CrashingSession::take_parked(const engine::TakeParkedRequest& request) {
  session_.take_parked(request);
}

void CrashingSession::claim(const engine::ClaimRequest& request) {
  static_cast<void>(port_.pass(Point::before_claim));
  if (port_.has(Bug::claim_without_consumer)) {
    std::vector<Uuid> ids;
    for (const inbox::Claim& claim : request.claims) ids.push_back(claim.id);
    const std::vector<Uuid> claimed = side_door_.claimed_by_anybody(ids);
    foreign_.clear();
    std::ranges::copy_if(
        request.claims, std::back_inserter(foreign_), [&](const inbox::Claim& claim) {
          return std::ranges::find(claimed, claim.id) != claimed.end();
        });
  }
  session_.claim(request);
}

// What comes after a segment's handlers.
void CrashingSession::load(const engine::LoadRequest& request) {
  static_cast<void>(port_.pass(Point::handled));
  session_.load(request);
}

void CrashingSession::save(const engine::SaveRequest& request) {
  static_cast<void>(port_.pass(Point::before_save));
  if (!port_.has(Bug::events_after_commit)) return session_.save(request);
  held_back_ = {};
  for (const OutboxRow& row : request.events) held_back_.add(row);
  held_back_batch_ = request.outbox_batch;
  session_.save({.outbox_batch = request.outbox_batch,
                 .began_at = request.began_at,
                 .unclaim = request.unclaim,
                 .endings = request.endings,
                 .writes = request.writes,
                 .dead_letters = request.dead_letters});
}

void CrashingSession::commit() {
  if (port_.pass(Point::before_commit)) side_door_.terminate(session_.connection().backend_pid());
  session_.commit();
  if (port_.pass(Point::commit_sent)) lose_answer();
}

// The server has committed, and we shall not know.
void CrashingSession::lose_answer() {
  postgres::Connection* const only[] = {&session_.connection()};
  while (!session_.receive())
    static_cast<void>(postgres::wait_until_readable(only, postgres::kNoFd, 1s));
  side_door_.terminate(session_.connection().backend_pid());
  answer_lost_ = true;
}

std::optional<engine::Answer> CrashingSession::receive() {
  if (std::exchange(answer_lost_, false)) {
    return Failure(
        Remedy::reconnect_and_rerun, "08006", "the connection was lost before COMMIT was answered");
  }
  std::optional<engine::Answer> answer = session_.receive();
  if (!answer) return answer;
  if (auto* claim = std::get_if<engine::ClaimAnswer>(&*answer)) {
    for (const inbox::Claim& foreign : foreign_) {
      const bool told = std::ranges::any_of(
          claim->known, [&](const auto& known) { return known.first == foreign.id; });
      if (!told) claim->known.emplace_back(foreign.id, foreign.fingerprint);
    }
  }
  if (std::holds_alternative<engine::TakeParkedAnswer>(*answer))
    static_cast<void>(port_.pass(Point::parked_read));
  if (std::holds_alternative<engine::CommitAnswer>(*answer)) {
    static_cast<void>(port_.pass(Point::committed));
    if (port_.has(Bug::events_after_commit))
      side_door_.append(held_back_batch_, std::exchange(held_back_, {}));
  }
  return answer;
}

void CrashingStore::reconnect(int sessions) {
  sessions_.clear();
  store_.reconnect(sessions);
}

engine::Session& CrashingStore::session(int index) {
  const auto at = static_cast<std::size_t>(index);
  if (sessions_.size() <= at) sessions_.resize(at + 1);
  if (!sessions_[at]) {
    auto& session = dynamic_cast<engine::PostgresSession&>(store_.session(index));
    sessions_[at] = std::make_unique<CrashingSession>(session, port_, side_door_);
  }
  return *sessions_[at];
}

}  // namespace pawl::test
