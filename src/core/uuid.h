// A message id: 128 bits, printed as in RFC 9562.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  /// The version nibble (RFC 9562 §4.2): 7 for time-ordered ids, 8 for ids hashed from foreign
  /// ones.
  [[nodiscard]] int version() const noexcept { return bytes[6] >> 4; }

  /// Milliseconds since 1970 that a version 7 id was stamped with; empty for every other version.
  [[nodiscard]] std::optional<std::int64_t> stamp_ms() const noexcept;

  /// "0190b5a2-…", lower case, 36 characters.
  [[nodiscard]] std::array<char, 36> text() const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// Reads the 36-character form, either case. Empty when `text` is anything else.
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text) noexcept;

  /// A version 7 id (RFC 9562 §5.7) from a time and 74 random bits taken from the two words.
  [[nodiscard]] static Uuid v7(std::chrono::milliseconds since_epoch,
                               std::uint64_t random_high,
                               std::uint64_t random_low) noexcept;

  /// Turns 16 bytes of a hash into a version 8 id (RFC 9562 §5.8).
  [[nodiscard]] static Uuid v8(const std::array<std::uint8_t, 16>& hash) noexcept;
};

}  // namespace pawl

template <>
struct std::hash<pawl::Uuid> {
  std::size_t operator()(const pawl::Uuid& id) const noexcept {
    std::uint64_t words[2];
    std::memcpy(words, id.bytes.data(), sizeof words);
    return words[0] * 0x9E3779B97F4A7C15ULL ^ words[1];
  }
};
