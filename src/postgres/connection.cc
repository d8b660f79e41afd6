#include "pawl/postgres/connection.h"

#include <libpq-fe.h>

#include <array>
#include <stdexcept>

#include "pawl/postgres/connect.h"
#include "pawl/postgres/failure.h"
#include "pawl/postgres/pipeline.h"
#include "pawl/postgres/wait.h"

namespace pawl::postgres {
namespace {

using std::chrono::milliseconds;

// In UTC and one fixed form, so that a session with another TimeZone or DateStyle compares the same
// instant. No row behind a pooler, whose pid is not the server's.
const Statement kWhenStarted{
    "",
    "SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    " FROM pg_stat_activity WHERE pid = pg_backend_pid() AND backend_start IS NOT NULL"};

void enter_pipeline(PGconn* connection, const std::string& target) {
  if (PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1) return;
  throw Failure(Remedy::reconnect_and_rerun,
                std::string{kConnectionLost},
                "cannot enter libpq's pipeline mode on " + target);
}

Failure lost(const Statement& statement, const std::string& target, const std::string& how) {
  return {Remedy::reconnect_and_rerun,
          std::string{kConnectionLost},
          "statement " + (statement.name.empty() ? "(unnamed)" : statement.name) +
              " on PostgreSQL at " + target + ": " + how};
}

}  // namespace

Connection::Connection(const ConnectionSettings& settings) : state_(std::make_unique<State>()) {
  state_->target = describe_target(settings.url);
  state_->handle = open_connection(settings);
  apply_session(state_->handle.get(), settings);
  enter_pipeline(state_->handle.get(), state_->target);
  state_->pid = PQbackendPID(state_->handle.get());
  const Result started = execute(kWhenStarted, {}, settings.connect_timeout);
  if (started.rows() == 1) state_->started = started.text(0, 0);
}

Connection::~Connection() = default;

void Connection::send(const Statement& statement, const Parameters& parameters) {
  state_->send(statement, parameters);
}

void Connection::sync() {
  state_->sync();
}
std::optional<Reply> Connection::receive() {
  return state_->receive();
}
int Connection::outstanding() const noexcept {
  return state_->outstanding;
}
int Connection::socket() const noexcept {
  return PQsocket(state_->handle.get());
}
bool Connection::wants_write() const noexcept {
  return state_->wants_write;
}
void Connection::flush() {
  state_->flush();
}
int Connection::backend_pid() const noexcept {
  return state_->pid;
}
const std::string& Connection::backend_started() const noexcept {
  return state_->started;
}

Result Connection::execute(const Statement& statement,
                           const Parameters& parameters,
                           milliseconds timeout) {
  if (outstanding() != 0 && !state_->loss) {
    throw std::logic_error("execute(" + statement.name + ") while " +
                           std::to_string(outstanding()) + " replies are outstanding");
  }
  std::optional<SteadyTime> deadline;
  if (timeout.count() > 0) deadline = std::chrono::steady_clock::now() + timeout;
  send(statement, parameters);
  sync();
  Reply answer = await(statement, deadline);
  // The sync is the commit: only with its reply is the answer more than a promise.
  const Reply end = state_->loss_told ? Reply{Synced{}} : await(statement, deadline);
  for (const Reply* reply : {&std::as_const(answer), &end}) {
    if (const auto* failure = std::get_if<Failure>(reply)) throw *failure;
  }
  return std::get<Result>(std::move(answer));
}

Reply Connection::await(const Statement& statement, std::optional<SteadyTime> deadline) {
  const std::array<Connection*, 1> self{this};
  for (;;) {
    if (auto reply = receive()) return std::move(*reply);
    if (state_->loss_told) throw lost(statement, state_->target, "the connection was lost before");
    milliseconds left = kNoTimeout;
    if (deadline) {
      left = std::chrono::ceil<milliseconds>(*deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) throw lost(statement, state_->target, "no answer in time");
    }
    wait_until_readable(self, kNoFd, left);
  }
}

}  // namespace pawl::postgres
