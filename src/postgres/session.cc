#include <cmath>

#include "pawl/postgres/connection.h"
#include "pawl/postgres/session_settings.h"

namespace pawl::postgres {
namespace {

using std::chrono::milliseconds;

constexpr double kLockTimeoutMs = 1000;
constexpr double kJitter = 0.2;

std::string lock_timeout(double jitter_unit) {
  const double factor = 1 - kJitter + 2 * kJitter * jitter_unit;
  return std::to_string(std::llround(kLockTimeoutMs * factor)) + "ms";
}

}  // namespace

SessionSettings planner_settings() {
  return {
      // A plan made while a table was empty halved the throughput: one generic plan, by index.
      {"plan_cache_mode", "force_generic_plan"},
      {"jit", "off"},
      {"enable_seqscan", "off"},
      {"enable_hashjoin", "off"},
      {"enable_mergejoin", "off"},
  };
}

std::vector<std::pair<std::string, std::string>> engine_session(double jitter_unit) {
  SessionSettings session = planner_settings();
  const SessionSettings bounds{
      // "Batch k+1 waits for k" is invisible to the server's deadlock check, so every wait has a
      // bound.
      {"lock_timeout", lock_timeout(jitter_unit)},
      {"statement_timeout", "30s"},
      {"idle_in_transaction_session_timeout", "10s"},
      // The server's side of a lost peer: it must not keep our locks.
      {"client_connection_check_interval", "1s"},
      {"tcp_keepalives_idle", "4"},
      {"tcp_keepalives_interval", "2"},
      {"tcp_keepalives_count", "3"},
      {"tcp_user_timeout", "10s"},
  };
  session.insert(session.end(), bounds.begin(), bounds.end());
  return session;
}

}  // namespace pawl::postgres
