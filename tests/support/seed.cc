#include "support/seed.h"

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>

namespace pawl::test {
namespace {

std::uint64_t chosen_seed() {
  const char* wanted = std::getenv("PAWL_TEST_SEED");
  if (wanted == nullptr) return std::random_device{}();
  std::uint64_t value = 0;
  std::string_view text{wanted};
  auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc{} || end != text.end()) {
    throw std::invalid_argument("expected PAWL_TEST_SEED to be a number, got: " +
                                std::string{text});
  }
  return value;
}

std::uint64_t print(std::uint64_t seed) {
  std::fprintf(
      stderr, "seed of this run: PAWL_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

}  // namespace

std::uint64_t seed() {
  static const std::uint64_t value = print(chosen_seed());
  return value;
}

std::string unique_name(std::string_view stem) {
  // Not from seed(): a repeated run must not meet the topics of the first.
  static const auto run = std::random_device{}() & 0xffffffU;
  static std::atomic<int> count{0};
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, "-%d-%06x", ++count, run);
  return std::string{stem} + suffix;
}

}  // namespace pawl::test
