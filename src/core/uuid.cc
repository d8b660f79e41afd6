#include "pawl/core/uuid.h"

namespace pawl {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
constexpr bool is_dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

// One look instead of three comparisons: every command's id comes this way.
constexpr std::array<std::int8_t, 256> kHexValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int i = 0; i < 10; ++i)
    values[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = values[static_cast<std::size_t>('A' + i)] =
        static_cast<std::int8_t>(10 + i);
  }
  return values;
}();

int hex_value(char digit) noexcept {
  return kHexValues[static_cast<unsigned char>(digit)];
}

void set_version(Uuid& id, int version) noexcept {
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);  // the RFC's variant
}

}  // namespace

std::optional<std::int64_t> Uuid::stamp_ms() const noexcept {
  if (version() != 7) return std::nullopt;
  std::int64_t stamp = 0;
  for (int i = 0; i < 6; ++i) stamp = stamp << 8 | bytes[i];
  return stamp;
}

std::array<char, 36> Uuid::text() const noexcept {
  std::array<char, 36> text;
  text.fill('-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (is_dash_before(i)) ++at;
    text[at++] = kHexDigits[bytes[i] >> 4];
    text[at++] = kHexDigits[bytes[i] & 15];
  }
  return text;
}

std::string Uuid::to_string() const {
  const auto text = this->text();
  return {text.data(), text.size()};
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (is_dash_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

Uuid Uuid::v7(std::chrono::milliseconds since_epoch,
              std::uint64_t random_high,
              std::uint64_t random_low) noexcept {
  Uuid id;
  const auto stamp = static_cast<std::uint64_t>(since_epoch.count());
  for (int i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(stamp >> (40 - 8 * i));
  std::memcpy(&id.bytes[6], &random_high, 2);
  std::memcpy(&id.bytes[8], &random_low, 8);
  set_version(id, 7);
  return id;
}

Uuid Uuid::v8(const std::array<std::uint8_t, 16>& hash) noexcept {
  Uuid id{hash};
  set_version(id, 8);
  return id;
}

}  // namespace pawl
