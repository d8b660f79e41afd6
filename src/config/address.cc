#include "pawl/config/address.h"

#include <charconv>

#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, port);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return port;
}

bool is_broker(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
  }
  if (text.empty() || text.find_first_of(" /@?") != std::string_view::npos) return false;
  const bool has_port = text.find(':') != std::string_view::npos && !text.ends_with(']');
  if (!has_port) return true;
  const auto address = parse_address(text);
  return address && address->port != 0;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;  // without brackets nobody can tell where an IPv6 address ends
  }
  if (!port || host.empty() || host.find_first_of(" []") != std::string_view::npos) {
    return std::nullopt;
  }
  return Address{std::string{host}, *port};
}

bool is_listen_address(std::string_view text) {
  return parse_address(text).has_value();
}

bool is_broker_list(std::string_view text) {
  while (true) {
    const auto comma = text.find(',');
    if (!is_broker(trimmed(text.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace pawl::config
