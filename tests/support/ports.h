// TCP ports of this machine for servers that cannot choose one themselves.
#pragma once

#include <cstdint>

namespace pawl::test {

/// A port of 127.0.0.1 on which nobody listens right now. Below the range from which the kernel
/// takes ports of outgoing connections, so a server that is away for a while finds it free again.
/// Somebody may still be faster: try again.
[[nodiscard]] std::uint16_t free_port();

}  // namespace pawl::test
