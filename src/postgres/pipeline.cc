#include "pawl/postgres/pipeline.h"

#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

#include "pawl/postgres/failure.h"

namespace pawl::postgres {
namespace {

constexpr int kBinary = 1;
// The server compares 63 bytes of a name; room is left for "#" and the attempt's number.
constexpr std::size_t kNameBytes = 50;
// Between two results libpq says "nothing" once. More in a row means that we and it count
// differently.
constexpr int kEmptyAnswersMax = 3;
constexpr std::string_view kImplicitCommit = "(commit at sync)";

std::string first_line(std::string_view text) {
  return std::string{text.substr(0, text.find('\n'))};
}

std::string_view name_of(const Expected& entry) {
  return entry.name ? std::string_view{*entry.name} : std::string_view{};
}

/// OpenSSL may hold decrypted bytes that poll(2) on the socket does not announce.
bool has_decrypted_bytes(PGconn* connection) {
  auto* ssl = static_cast<SSL*>(PQsslStruct(connection, "OpenSSL"));
  return ssl && SSL_pending(ssl) > 0;
}

}  // namespace

void Connection::State::send(const Statement& statement, const Parameters& parameters) {
  ++outstanding;
  if (loss) return;
  if (!statement.name.empty()) return send_prepared(statement, parameters);
  expected.push_back({Expected::Kind::statement});
  check_sent(PQsendQueryParams(handle.get(),
                               statement.sql.c_str(),
                               parameters.size(),
                               parameters.type_oids(),
                               parameters.values(),
                               parameters.lengths(),
                               parameters.formats(),
                               kBinary),
             statement);
}

void Connection::State::send_prepared(const Statement& statement, const Parameters& parameters) {
  const auto& [name, use] = prepare(statement, parameters);
  if (loss) return;
  expected.push_back({Expected::Kind::statement, &name});
  check_sent(PQsendQueryPrepared(handle.get(),
                                 use.server_name.c_str(),
                                 parameters.size(),
                                 parameters.values(),
                                 parameters.lengths(),
                                 parameters.formats(),
                                 kBinary),
             statement);
}

Connection::State::Named& Connection::State::prepare(const Statement& statement,
                                                     const Parameters& parameters) {
  auto [node, is_new] = prepared.try_emplace(statement.name);
  Prepared& use = node->second;
  const std::span types{parameters.type_oids(), static_cast<std::size_t>(parameters.size())};
  if (is_new) {
    use.sql = statement.sql;
    use.type_oids.assign(types.begin(), types.end());
  } else if (use.sql != statement.sql || !std::ranges::equal(use.type_oids, types)) {
    --outstanding;
    throw std::logic_error(
        "statement " + statement.name +
        ": used before with other SQL or other parameter types; give it another name");
  }
  if (use.confirmed || (!is_new && use.segment == segment)) return *node;
  use.segment = segment;
  use.attempt = ++attempts;
  use.server_name = statement.name.substr(0, kNameBytes) + '#' + std::to_string(use.attempt);
  expected.push_back({Expected::Kind::preparation, &node->first, &use, use.attempt});
  check_sent(PQsendPrepare(handle.get(),
                           use.server_name.c_str(),
                           use.sql.c_str(),
                           static_cast<int>(types.size()),
                           types.data()),
             statement);
  return *node;
}

void Connection::State::check_sent(int sent, const Statement& statement) {
  if (sent) return;
  const std::string words = first_line(PQerrorMessage(handle.get()));
  if (PQstatus(handle.get()) != CONNECTION_OK) return lose(words);
  expected.pop_back();
  --outstanding;
  throw std::logic_error("statement " + statement.name + " cannot be sent: " + words);
}

void Connection::State::sync() {
  ++outstanding;
  ++segment;
  if (loss) return;
  expected.push_back({Expected::Kind::sync});
  if (!PQpipelineSync(handle.get())) return lose(first_line(PQerrorMessage(handle.get())));
  flush();
}

void Connection::State::flush() {
  if (loss) return;
  const int left = PQflush(handle.get());
  wants_write = left == 1;
  if (left < 0) lose(first_line(PQerrorMessage(handle.get())));
}

std::optional<Reply> Connection::State::receive() {
  if (loss_told) return std::nullopt;
  if (wants_write) flush();
  if (expected.empty()) {
    read_input();  // nothing is due, but the server may have gone
    PQisBusy(handle.get());
  }
  while (!expected.empty()) {
    ResultHandle result = take_result();
    if (!result) break;
    if (auto reply = interpret(std::move(result))) return reply;
  }
  if (loss) return tell_loss();
  return std::nullopt;
}

void Connection::State::read_input() {
  if (loss) return;
  do {
    if (!PQconsumeInput(handle.get())) return lose(first_line(PQerrorMessage(handle.get())));
  } while (has_decrypted_bytes(handle.get()));
}

/// The next result, or null when it has not arrived. What came before a loss is still handed out.
ResultHandle Connection::State::take_result() {
  for (int empty = 0; empty < kEmptyAnswersMax; ++empty) {
    if (PQisBusy(handle.get())) {
      read_input();
      if (PQisBusy(handle.get())) return nullptr;
    }
    if (ResultHandle result{PQgetResult(handle.get())}) return result;
  }
  if (!loss) lose("libpq has no result where one is due");
  return nullptr;
}

std::optional<Reply> Connection::State::interpret(ResultHandle result) {
  const Expected entry = expected.front();
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE ||
      status == PGRES_NONFATAL_ERROR) {
    return interpret_error(entry, std::move(result));
  }
  expected.pop_front();
  if (entry.kind == Expected::Kind::preparation) {
    // An older attempt says nothing about the name that is used now.
    if (status == PGRES_COMMAND_OK && entry.attempt == entry.prepared->attempt) {
      entry.prepared->confirmed = true;
    }
    return std::nullopt;
  }
  --outstanding;
  if (early_failure) return std::exchange(early_failure, std::nullopt).value();
  if (status == PGRES_PIPELINE_SYNC) return Synced{};
  if (status == PGRES_PIPELINE_ABORTED) return Aborted{};
  return Result{result.release()};
}

std::optional<Reply> Connection::State::interpret_error(const Expected& entry,
                                                        ResultHandle result) {
  if (!PQresultErrorField(result.get(), PG_DIAG_SQLSTATE)) {  // libpq's own: it gave up
    lose(first_line(PQresultErrorMessage(result.get())));
    return std::nullopt;
  }
  const bool is_sync = entry.kind == Expected::Kind::sync;
  Failure failure = failure_of(result.get(), is_sync ? kImplicitCommit : name_of(entry));
  if (ends_session(result.get())) {
    lose("the server ended the session");
    loss_told = true;
    expected.clear();
    outstanding = 0;
    return failure;
  }
  if (!is_sync) expected.pop_front();  // a sync's own result still comes
  if (entry.kind != Expected::Kind::statement) {
    early_failure = std::move(failure);
    return std::nullopt;
  }
  --outstanding;
  return failure;
}

void Connection::State::lose(std::string what) {
  if (!loss) loss = std::move(what);
  wants_write = false;
}

Reply Connection::State::tell_loss() {
  std::string text = "connection to PostgreSQL at " + target + " lost";
  if (!expected.empty() && expected.front().name) {
    text += " while waiting for statement " + *expected.front().name;
  }
  text += ": " + *loss;
  loss_told = true;
  expected.clear();
  outstanding = 0;
  return Failure(Remedy::reconnect_and_rerun, std::string{kConnectionLost}, text);
}

}  // namespace pawl::postgres
