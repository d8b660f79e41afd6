// Numbers as they travel: big-endian. Private to this folder and its tests.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace pawl::postgres {

template <typename T>
constexpr std::make_unsigned_t<T> swap_to_network(T value) noexcept {
  auto bits = static_cast<std::make_unsigned_t<T>>(value);
  if constexpr (std::endian::native == std::endian::little) {
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(bits);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(bits);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(bits);
  }
  return bits;
}

// A one-dimensional array begins with dimensions, flags, type, length and lower bound.
inline constexpr std::size_t kArrayHead = 5 * sizeof(std::int32_t);

// timestamptz counts microseconds from here.
inline constexpr auto kPostgresEpoch = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

/// Writes `value` at `to` and returns the place behind it.
template <typename T>
char* put(char* to, T value) noexcept {
  const auto bits = swap_to_network(value);
  std::memcpy(to, &bits, sizeof bits);
  return to + sizeof bits;
}

template <typename T>
T get(const char* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return static_cast<T>(swap_to_network(value));
}

}  // namespace pawl::postgres
