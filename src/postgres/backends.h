// The server's side of our connections: remembered by an owner, ended by its successor.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {

/// A server process, named so that a later one with the same pid is not mistaken for it.
struct Backend {
  int pid = 0;
  std::string started;  // Connection::backend_started()
};

[[nodiscard]] Backend backend_of(const Connection& connection);

/// [{"pid": 1, "started": "…"}], the form of pawl.consumer_position.backends.
[[nodiscard]] std::string to_json(std::span<const Backend> backends);

/// pg_terminate_backend for those that still live; never for `connection` itself. Returns how many
/// were told to end; does not wait until they have. Throws Failure (42501 when they belong to a
/// role that ours may not end).
int terminate_backends(Connection& connection,
                       std::string_view backends_json,
                       std::chrono::milliseconds timeout = std::chrono::milliseconds{0});
int terminate_backends(Connection& connection,
                       std::span<const Backend> backends,
                       std::chrono::milliseconds timeout = std::chrono::milliseconds{0});

}  // namespace pawl::postgres
