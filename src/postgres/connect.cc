#include "pawl/postgres/connect.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "pawl/core/failure.h"
#include "pawl/postgres/conninfo.h"
#include "pawl/postgres/failure.h"

namespace pawl::postgres {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Deadline = std::chrono::steady_clock::time_point;

// A peer that vanished without a word is noticed after about 10 s, whether we wait for it or write
// to it.
constexpr std::array<std::pair<const char*, const char*>, 5> kPatience{{
    {"keepalives", "1"},
    {"keepalives_idle", "4"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
}};

constexpr std::string_view kCannotConnect = "08001";
constexpr std::array<std::string_view, 2> kOptionalSettings{"client_connection_check_interval",
                                                            "tcp_user_timeout"};

/// One of the url's hosts: what to set over the url. Empty when the url names a single one.
using Overrides = Conninfo;

std::vector<std::string> split(const std::string* list) {
  std::vector<std::string> parts;
  if (!list) return parts;
  std::size_t begin = 0;
  for (std::size_t comma; (comma = list->find(',', begin)) != std::string::npos;
       begin = comma + 1) {
    parts.push_back(list->substr(begin, comma - begin));
  }
  parts.push_back(list->substr(begin));
  return parts;
}

/// libpq has no timeout of its own in asynchronous connects, so a dead first host would use up the
/// time of all: we try them one by one.
std::vector<Overrides> hosts_of(const Conninfo& url) {
  const auto hosts = split(find_option(url, "host"));
  const auto addresses = split(find_option(url, "hostaddr"));
  const auto ports = split(find_option(url, "port"));
  const std::size_t count = std::max(hosts.size(), addresses.size());
  if (count <= 1) return {Overrides{}};
  std::vector<Overrides> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (i < hosts.size()) all[i].emplace_back("host", hosts[i]);
    if (i < addresses.size()) all[i].emplace_back("hostaddr", addresses[i]);
    if (ports.size() > 1 && i < ports.size()) all[i].emplace_back("port", ports[i]);
  }
  return all;
}

milliseconds timeout_of(const Conninfo& url, milliseconds otherwise) {
  const std::string* given = find_option(url, "connect_timeout");
  const int count = given ? std::atoi(given->c_str()) : 0;
  return count > 0 ? milliseconds{seconds{count}} : otherwise;
}

ConnectionHandle begin_connect(const ConnectionSettings& settings, const Overrides& host) {
  std::vector<const char*> names, values;
  const auto add = [&](const char* name, const char* value) {
    names.push_back(name);
    values.push_back(value);
  };
  for (const auto& [name, value] : kPatience) add(name, value);
  add("dbname", settings.url.c_str());  // expanded in its place: what stands behind wins over it
  for (const auto& [name, value] : host) add(name.c_str(), value.c_str());
  if (!settings.application_name.empty()) {
    add("application_name", settings.application_name.c_str());
  }
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  ConnectionHandle connection{PQconnectStartParams(names.data(), values.data(), 1)};
  if (!connection) throw std::bad_alloc{};
  return connection;
}

/// False at the deadline.
bool wait_for_socket(PGconn* connection, PostgresPollingStatusType wanted, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= milliseconds{0}) return false;
    const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    pollfd entry{PQsocket(connection), events, 0};
    if (::poll(&entry, 1, static_cast<int>(left.count())) > 0) return true;
  }
}

/// False at the deadline; otherwise look at PQstatus.
bool finish_connect(PGconn* connection, Deadline deadline) {
  auto wanted = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD) {
    if (!wait_for_socket(connection, wanted, deadline)) return false;
    wanted = PQconnectPoll(connection);
    if (wanted == PGRES_POLLING_OK || wanted == PGRES_POLLING_FAILED) return true;
  }
  return true;
}

/// libpq keeps no code for a refused connection, but PQERRORS_VERBOSE puts it into the text in a
/// fixed form: "FATAL:  28P01: password authentication failed".
std::string sqlstate_in(std::string_view text) {
  constexpr std::string_view kBefore = ":  ";
  constexpr std::size_t kLength = 5;
  for (std::size_t at = text.find(kBefore); at != std::string_view::npos;
       at = text.find(kBefore, at + 1)) {
    const std::string_view code = text.substr(at + kBefore.size(), kLength);
    const bool is_code = code.size() == kLength && std::ranges::all_of(code, [](char c) {
                           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
                         });
    if (is_code && text.substr(at + kBefore.size() + kLength).starts_with(':')) {
      return std::string{code};
    }
  }
  return std::string{kCannotConnect};
}

Failure cannot_connect(const ConnectionSettings& settings, std::string_view words) {
  const std::string code = sqlstate_in(words);
  return {remedy_of(code),
          code,
          "cannot connect to PostgreSQL at " + describe_target(settings.url) + ": " +
              std::string{words.substr(0, words.find('\n'))} +
              "; check database.url, that the server runs and that its pg_hba.conf lets us in"};
}

ConnectionHandle connect_to(const ConnectionSettings& settings,
                            const Overrides& host,
                            milliseconds timeout) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout;
  ConnectionHandle connection = begin_connect(settings, host);
  // Notices would go to stderr: a server that ends the session just as it begins sends one.
  PQsetNoticeReceiver(connection.get(), [](void*, const PGresult*) {}, nullptr);
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  if (!finish_connect(connection.get(), deadline)) {
    throw cannot_connect(settings, "no answer within " + std::to_string(timeout.count()) + " ms");
  }
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw cannot_connect(settings, PQerrorMessage(connection.get()));
  }
  // From here on libpq's own texts hold no server words, hence no values.
  PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
  return connection;
}

/// Null when the connection is lost. Throws at the deadline: a proxy may have let us in and hang.
ResultHandle set(PGconn* connection,
                 const ConnectionSettings& settings,
                 const std::pair<std::string, std::string>& setting,
                 Deadline deadline) {
  const auto& [name, value] = setting;
  const std::array<const char*, 2> values{name.c_str(), value.c_str()};
  if (PQsendQueryParams(connection,
                        "SELECT set_config($1, $2, false)",
                        2,
                        nullptr,
                        values.data(),
                        nullptr,
                        nullptr,
                        0) == 0) {
    return nullptr;
  }
  while (PQisBusy(connection) != 0) {
    if (!wait_for_socket(connection, PGRES_POLLING_READING, deadline))
      throw cannot_connect(settings, "no answer in time to the setting of " + name);
    if (PQconsumeInput(connection) == 0) return nullptr;
  }
  ResultHandle result{PQgetResult(connection)};
  while (const ResultHandle rest{PQgetResult(connection)}) {
  }
  return result;
}

}  // namespace

ConnectionHandle open_connection(const ConnectionSettings& settings) {
  const auto url = parse_conninfo(settings.url);
  if (!url) {
    throw Failure(
        Remedy::give_up,
        std::string{kCannotConnect},
        "the database url cannot be read: expected postgresql://user@host:port/database or "
        "name=value pairs; special characters in a password must be percent-encoded");
  }
  const milliseconds timeout = timeout_of(*url, settings.connect_timeout);
  std::optional<Failure> failure;
  for (const Overrides& host : hosts_of(*url)) {
    try {
      return connect_to(settings, host, timeout);
    } catch (const Failure& refused) {
      // A host that may come back counts more than one that will not.
      if (!failure || failure->remedy() == Remedy::give_up) failure = refused;
    }
  }
  throw *failure;
}

void apply_session(PGconn* connection, const ConnectionSettings& settings) {
  const Deadline deadline = std::chrono::steady_clock::now() + settings.connect_timeout;
  for (const auto& setting : settings.session) {
    const auto& [name, value] = setting;
    const ResultHandle result = set(connection, settings, setting, deadline);
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK) continue;
    if (PQstatus(connection) != CONNECTION_OK) {
      throw cannot_connect(settings, "the connection was lost while setting " + name);
    }
    if (std::ranges::find(kOptionalSettings, name) != kOptionalSettings.end()) continue;
    throw failure_of(result.get(), "SET " + name + " = " + value);
  }
}

}  // namespace pawl::postgres
