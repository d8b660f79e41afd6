// Waits for several connections at once.
#pragma once

#include <chrono>
#include <span>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {

inline constexpr int kNoFd = -1;
inline constexpr std::chrono::milliseconds kNoTimeout{-1};

/// poll(2): returns when one of the connections has something to read (or, if it wants_write(), can
/// take more: that is then written), when `extra_fd` (an EventFd of the caller, or kNoFd) is
/// readable, or after `timeout` (kNoTimeout: none). True unless the timeout was reached. Null
/// pointers are passed over. Call receive() until it is empty before: what libpq has already read
/// is not waited for. Each connection must be the caller's.
bool wait_until_readable(std::span<Connection* const> connections,
                         int extra_fd,
                         std::chrono::milliseconds timeout);

}  // namespace pawl::postgres
