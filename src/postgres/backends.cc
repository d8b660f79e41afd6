#include "pawl/postgres/backends.h"

namespace pawl::postgres {
namespace {

const Statement kTerminateBackends{
    "terminate_backends",
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid))"
    " FROM jsonb_to_recordset($1::text::jsonb) b(pid integer, started timestamptz)"
    " JOIN pg_stat_activity a ON a.pid = b.pid AND a.backend_start = b.started"
    " WHERE a.pid <> pg_backend_pid()"};

}  // namespace

Backend backend_of(const Connection& connection) {
  return {connection.backend_pid(), connection.backend_started()};
}

std::string to_json(std::span<const Backend> backends) {
  std::string json = "[";
  for (const Backend& backend : backends) {
    if (json.size() > 1) json += ", ";
    // `started` is digits and punctuation that need no escape.
    json += "{\"pid\": " + std::to_string(backend.pid) + ", \"started\": ";
    json += backend.started.empty() ? "null" : '"' + backend.started + '"';
    json += '}';
  }
  return json + ']';
}

int terminate_backends(Connection& connection,
                       std::string_view backends_json,
                       std::chrono::milliseconds timeout) {
  Parameters parameters;
  parameters.add(backends_json);
  return static_cast<int>(
      connection.execute(kTerminateBackends, parameters, timeout).integer(0, 0));
}

int terminate_backends(Connection& connection,
                       std::span<const Backend> backends,
                       std::chrono::milliseconds timeout) {
  return terminate_backends(connection, to_json(backends), timeout);
}

}  // namespace pawl::postgres
