// "host:port" in its forms. Also used by the admin listener.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::config {

struct Address {
  std::string host;  // IPv6 without its brackets
  std::uint16_t port;
};

/// "127.0.0.1:9464", "localhost:0", "[::1]:9464". Empty for anything else; a host is required.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

[[nodiscard]] bool is_listen_address(std::string_view text);

/// One or more "host:port" or "host", separated by commas, each with an optional "PROTOCOL://"
/// before it.
[[nodiscard]] bool is_broker_list(std::string_view text);

}  // namespace pawl::config
