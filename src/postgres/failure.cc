#include "pawl/postgres/failure.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace pawl::postgres {
namespace {

struct Rule {
  std::string_view prefix;  // of the SQLSTATE; the first rule that fits wins
  Remedy remedy;
};

constexpr std::array kRules{
    // Nobody's fault: the same work may pass right away.
    Rule{"40001", Remedy::rerun_now},  // serialization_failure
    Rule{"40P01", Remedy::rerun_now},  // deadlock_detected
    Rule{"55P03", Remedy::rerun_now},  // lock_not_available, lock_timeout
    // The other side is away, full, or is another one than before: no attempt is to be counted.
    Rule{"08", Remedy::reconnect_and_rerun},   // connection exceptions
    Rule{"57P", Remedy::reconnect_and_rerun},  // shutdown, crash, starting up, idle_session_timeout
    Rule{"53", Remedy::reconnect_and_rerun},   // disk full, out of memory, too many connections
    Rule{"58030", Remedy::reconnect_and_rerun},  // io_error
    Rule{"25006", Remedy::reconnect_and_rerun},  // read-only: a standby, after a failover
    Rule{"25P03",
         Remedy::reconnect_and_rerun},  // idle_in_transaction_session_timeout: session ended
    Rule{"26000", Remedy::reconnect_and_rerun},  // prepared statements lost (a pooler, DISCARD ALL)
    // Somebody has to change something first.
    Rule{"28", Remedy::give_up},  // authentication
    Rule{"3D", Remedy::give_up},  // no such database
    Rule{"42", Remedy::give_up},  // syntax, missing tables, privileges
    // 57014 query_canceled (statement_timeout, pg_cancel_backend) falls through to retry_later:
    // this piece of work took
    // too long. Rerunning it at once could go on for ever; as an attempt, with backoff, it ends.
};

constexpr std::string_view kDataException = "22";

std::string_view field(const pg_result* error, int code) noexcept {
  const char* text = PQresultErrorField(error, code);
  return text ? std::string_view{text} : std::string_view{};
}

void append_named(std::string& text, std::string_view what, std::string_view name) {
  if (name.empty()) return;
  text += ' ';
  text += what;
  text += '=';
  text += name;
}

}  // namespace

Remedy remedy_of(std::string_view sqlstate) noexcept {
  const auto* rule = std::ranges::find_if(
      kRules, [&](const Rule& candidate) { return sqlstate.starts_with(candidate.prefix); });
  return rule == kRules.end() ? Remedy::retry_later : rule->remedy;
}

bool ends_session(const pg_result* error) noexcept {
  const std::string_view severity = field(error, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

Failure failure_of(const pg_result* error, std::string_view statement) {
  const std::string_view sqlstate = field(error, PG_DIAG_SQLSTATE);
  const std::string_view severity = field(error, PG_DIAG_SEVERITY_NONLOCALIZED);
  std::string text = "statement ";
  text += statement.empty() ? "(unnamed)" : statement;
  text += ": ";
  text += severity.empty() ? "ERROR" : severity;
  text += ' ';
  text += sqlstate;
  text += ": ";
  text += sqlstate.starts_with(kDataException)
              ? "data exception (the server's words are left out, they may quote values)"
              : field(error, PG_DIAG_MESSAGE_PRIMARY);
  append_named(text, "table", field(error, PG_DIAG_TABLE_NAME));
  append_named(text, "column", field(error, PG_DIAG_COLUMN_NAME));
  append_named(text, "constraint", field(error, PG_DIAG_CONSTRAINT_NAME));
  // Whatever ended the session has to be followed by a new one, unless a new one would be refused
  // too.
  Remedy remedy = remedy_of(sqlstate);
  if (ends_session(error) && remedy != Remedy::give_up) remedy = Remedy::reconnect_and_rerun;
  return {remedy, std::string{sqlstate}, text};
}

}  // namespace pawl::postgres
