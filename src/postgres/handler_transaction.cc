#include "pawl/postgres/handler_transaction.h"

#include <random>
#include <stdexcept>
#include <unordered_map>

#include "pawl/postgres/borrowed_connection.h"
#include "pawl/postgres/failure.h"
#include "pawl/postgres/pipeline.h"
#include "pawl/postgres/session_settings.h"

namespace pawl::postgres {
namespace {

constexpr std::string_view kNoSuchSavepoint = "3B001";
constexpr std::string_view kDataExceptions = "22";

// Evaluated at COMMIT, where it fails; the words are what the server's log will say.
constexpr std::string_view kGuard =
    "DECLARE pawl_guard NO SCROLL CURSOR WITH HOLD FOR"
    " SELECT ('a handler cannot commit ' || random())::integer";

std::string set_local(const SessionSettings& settings) {
  std::string sql;
  for (const auto& [name, value] : settings) sql += "SET LOCAL " + name + " TO " + value + "; ";
  return sql;
}

std::string set_local_to_default(const SessionSettings& settings) {
  std::string sql;
  for (const auto& [name, value] : settings) sql += "SET LOCAL " + name + " TO DEFAULT; ";
  return sql;
}

// Nobody releases or overwrites it by chance.
std::string unique_savepoint() {
  std::random_device chance;
  return "pawl_" + std::to_string(chance()) + "_" + std::to_string(chance());
}

[[noreturn]] void ended_by_a_handler() {
  throw std::logic_error(
      "a handler has ended its batch's transaction: COMMIT, ROLLBACK and their like are not for "
      "handlers");
}

// libpqxx 6 tells these by their types alone.
Failure rolled_back(std::string_view sqlstate) {
  return {remedy_of(sqlstate), std::string{sqlstate}, "rolled back by the server in a handler"};
}

Failure lost() {
  return {Remedy::reconnect_and_rerun,
          std::string{kConnectionLost},
          "connection to PostgreSQL lost in a handler's statement"};
}

}  // namespace

std::optional<Failure> caught_sql_failure() {
  try {
    throw;
  } catch (const Failure& failure) {
    return failure;
  } catch (const pqxx::broken_connection&) {
    return lost();
  } catch (const pqxx::serialization_failure&) {
    return rolled_back("40001");
  } catch (const pqxx::transaction_rollback&) {  // a deadlock, mostly
    return rolled_back("40P01");
  } catch (const pqxx::sql_error& error) {
    const std::string& sqlstate = error.sqlstate();
    const std::string_view words = error.what();
    return Failure(remedy_of(sqlstate),
                   sqlstate,
                   sqlstate.starts_with(kDataExceptions)
                       ? "data exception (the server's words are left out, they may quote values)"
                       : std::string(words.substr(0, words.find('\n'))));
  } catch (...) {
    return std::nullopt;
  }
}

struct HandlerTransaction::State {
  enum class Savepoint { none, clean, used, kept };  // what has happened since it was set

  explicit State(PGconn* connection) : handle(connection), borrowed(connection) {}

  PGconn* handle;
  BorrowedConnection borrowed;
  std::optional<BorrowedTransaction> transaction;  // of the handler that runs
  std::unordered_map<std::string, std::string> statements;
  Savepoint savepoint = Savepoint::none;
  bool ended = false;  // by a handler: the savepoint is gone

  const std::string name = unique_savepoint();
  const std::string begin =
      set_local_to_default(planner_settings()) + std::string(kGuard) + "; SAVEPOINT " + name;
  const std::string renew = "RELEASE SAVEPOINT " + name + "; SAVEPOINT " + name;
  const std::string roll_back = "ROLLBACK TO SAVEPOINT " + name;
  const std::string end =
      "RELEASE SAVEPOINT " + name + "; " + set_local(planner_settings()) + "CLOSE pawl_guard";

  void execute(const std::string& sql) { check(ResultHandle{PQexec(handle, sql.c_str())}); }
  void leave_pipeline();
  void enter_pipeline();

 private:
  void check(ResultHandle result);
};

void HandlerTransaction::State::check(ResultHandle result) {
  if (PQstatus(handle) != CONNECTION_OK) throw lost();
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) return;
  const Failure failure = failure_of(result.get(), "around handlers");
  ended = failure.code() == kNoSuchSavepoint;
  if (ended) ended_by_a_handler();
  throw failure;
}

void HandlerTransaction::State::leave_pipeline() {
  if (PQexitPipelineMode(handle) != 1) throw lost();
  PQsetErrorVerbosity(handle, PQERRORS_TERSE);  // without DETAIL, which quotes rows
}

void HandlerTransaction::State::enter_pipeline() {
  transaction.reset();
  savepoint = Savepoint::none;
  PQsetErrorVerbosity(handle, PQERRORS_SQLSTATE);
  if (PQpipelineStatus(handle) == PQ_PIPELINE_OFF && PQenterPipelineMode(handle) != 1) throw lost();
}

HandlerTransaction::HandlerTransaction(Connection& connection)
    : state_(std::make_unique<State>(connection.state_->handle.get())) {}
HandlerTransaction::~HandlerTransaction() = default;

pqxx::transaction_base& HandlerTransaction::transaction() {
  using enum State::Savepoint;
  State& state = *state_;
  if (state.transaction) return *state.transaction;
  if (state.savepoint == none) {
    state.leave_pipeline();
    state.execute(state.begin);
  } else if (state.savepoint == kept) {
    state.execute(state.renew);
  }
  state.savepoint = used;
  return state.transaction.emplace(state.borrowed);
}

const std::string& HandlerTransaction::prepared(const Statement& statement) {
  transaction();
  const auto [at, is_new] = state_->statements.try_emplace(statement.name, statement.sql);
  if (is_new) state_->borrowed.get().prepare(statement.name, statement.sql);
  if (at->second != statement.sql) {
    throw std::logic_error("statement " + statement.name +
                           ": used before with other SQL; give it another name");
  }
  return at->first;
}

bool HandlerTransaction::used() const {
  return state_->transaction.has_value();
}

bool HandlerTransaction::may_keep() {
  if (state_->ended) ended_by_a_handler();  // the next one met it, and must not be blamed
  if (!state_->transaction) return true;
  switch (PQtransactionStatus(state_->handle)) {
    case PQTRANS_INTRANS:
      return true;
    case PQTRANS_ACTIVE:  // a COPY that nobody ended
    case PQTRANS_INERROR:
      return false;
    case PQTRANS_IDLE:
      ended_by_a_handler();
    case PQTRANS_UNKNOWN:
      break;
  }
  throw lost();
}

void HandlerTransaction::go_on() {
  state_->transaction.reset();
}

void HandlerTransaction::keep() {
  state_->transaction.reset();
  if (state_->savepoint == State::Savepoint::used) state_->savepoint = State::Savepoint::kept;
}

void HandlerTransaction::undo() {
  static_cast<void>(may_keep());  // throws when there is nothing left to undo
  state_->transaction.reset();
  if (state_->savepoint != State::Savepoint::used) return;
  state_->execute(state_->roll_back);  // the savepoint itself stays: it is the next handler's
  state_->savepoint = State::Savepoint::clean;
}

void HandlerTransaction::take_back() {
  if (state_->savepoint == State::Savepoint::none) return;
  state_->execute(state_->end);
  state_->enter_pipeline();
}

void HandlerTransaction::abandon() {
  if (PQstatus(state_->handle) != CONNECTION_OK) return;  // nobody can use it any more
  if (state_->savepoint != State::Savepoint::none) {
    const ResultHandle rest{PQexec(state_->handle, "")};  // also ends a COPY that was left open
  }
  state_->enter_pipeline();
}

}  // namespace pawl::postgres
