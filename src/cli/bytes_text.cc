#include "pawl/cli/bytes_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "pawl/codec/text.h"

namespace pawl::cli {
namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

}  // namespace

std::string bytes_text(const std::optional<std::string>& bytes) {
  if (!bytes) return "-";
  if (codec::is_text(*bytes) && std::ranges::none_of(*bytes, is_control)) return *bytes;
  std::string text = "0x";
  for (const char byte : *bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace pawl::cli
