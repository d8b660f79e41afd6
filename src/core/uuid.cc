#include "pawl/core/uuid.h"

namespace pawl {
namespace {

// The 32 digits of an id, without the dashes. Several ids of every command are printed and read, so
// the loops over them are such that the compiler makes vector instructions of them.
using Digits = std::array<std::uint8_t, 32>;

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
  Digits digits;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    digits[2 * i] = bytes[i] >> 4;
    digits[2 * i + 1] = bytes[i] & 15;
  }
  for (std::uint8_t& digit : digits) {
    digit = static_cast<std::uint8_t>(digit + (digit < 10 ? '0' : 'a' - 10));
  }
  std::array<char, 36> text;
  text[8] = text[13] = text[18] = text[23] = '-';
  std::memcpy(&text[0], &digits[0], 8);
  std::memcpy(&text[9], &digits[8], 4);
  std::memcpy(&text[14], &digits[12], 4);
  std::memcpy(&text[19], &digits[16], 4);
  std::memcpy(&text[24], &digits[20], 12);
  return text;
}

std::string Uuid::to_string() const {
  const auto text = this->text();
  return {text.data(), text.size()};
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != 36) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Digits digits;
  std::memcpy(&digits[0], &text[0], 8);
  std::memcpy(&digits[8], &text[9], 4);
  std::memcpy(&digits[12], &text[14], 4);
  std::memcpy(&digits[16], &text[19], 4);
  std::memcpy(&digits[20], &text[24], 12);
  std::uint8_t wrong = 0;  // no bool, which would cost the vectors
  for (std::uint8_t& digit : digits) {
    const auto number = static_cast<std::uint8_t>(digit - '0');
    const auto letter = static_cast<std::uint8_t>((digit | 0x20) - 'a');  // either case
    wrong |= static_cast<std::uint8_t>((number > 9) & (letter > 5));
    digit = static_cast<std::uint8_t>(number <= 9 ? number : letter + 10);
  }
  if (wrong != 0) return std::nullopt;
  Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(digits[2 * i] << 4 | digits[2 * i + 1]);
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
