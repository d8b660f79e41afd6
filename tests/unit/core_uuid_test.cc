#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cctype>
#include <set>

#include "pawl/core/uuid.h"

namespace pawl {
namespace {

using std::chrono::milliseconds;

TEST(Uuid, IsPrintedInTheFormOfTheRfc) {
  const auto id = Uuid::parse("0190B5A2-7C3E-7D10-8A52-0123456789AB");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->to_string(), "0190b5a2-7c3e-7d10-8a52-0123456789ab");
  EXPECT_EQ(id->version(), 7);
}

TEST(Uuid, NothingElseIsRead) {
  for (const char* text : {"",
                           "0190b5a2",
                           "0190b5a2-7c3e-7d10-8a52-0123456789a",
                           "0190b5a2-7c3e-7d10-8a52-0123456789abc",
                           "0190b5a27c3e-7d10-8a52-0123456789ab-",
                           "0190b5a2-7c3e-7d10-8a52-0123456789ag",
                           "{190b5a2-7c3e-7d10-8a52-0123456789ab",
                           "0190b5a2 7c3e-7d10-8a52-0123456789ab"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, OnlyHexadecimalDigitsAreRead) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string text = "0190b5a2-7c3e-7d10-8a52-0123456789ab";
    text[16] = static_cast<char>(byte);
    EXPECT_EQ(Uuid::parse(text).has_value(), byte < 128 && std::isxdigit(byte) != 0) << byte;
  }
}

TEST(Uuid, OnlyVersion7HasAStamp) {
  EXPECT_EQ(Uuid::v7(milliseconds{1'700'000'000'123}, 1, 2).stamp_ms(), 1'700'000'000'123);
  EXPECT_FALSE(Uuid::v8({}).stamp_ms());
  EXPECT_FALSE(Uuid{}.stamp_ms());
}

TEST(Uuid, Version8KeepsTheHashButForVersionAndVariant) {
  std::array<std::uint8_t, 16> hash;
  hash.fill(0xFF);
  EXPECT_EQ(Uuid::v8(hash).to_string(), "ffffffff-ffff-8fff-bfff-ffffffffffff");
}

RC_GTEST_PROP(Uuid, WhatIsPrintedIsReadAgain, (std::array<std::uint8_t, 16> bytes)) {
  const Uuid id{bytes};
  RC_ASSERT(Uuid::parse(id.to_string()) == id);
}

RC_GTEST_PROP(Uuid,
              Version7IsOrderedByTime,
              (std::uint64_t a, std::uint64_t b, std::uint64_t noise)) {
  const auto early = milliseconds{a % (1ULL << 47)};
  const auto late = milliseconds{b % (1ULL << 47)};
  RC_PRE(early < late);
  RC_ASSERT(Uuid::v7(early, noise, ~noise) < Uuid::v7(late, ~noise, noise));
  RC_ASSERT(Uuid::v7(early, noise, noise).stamp_ms() == early.count());
  RC_ASSERT(Uuid::v7(early, noise, noise).version() == 7);
}

RC_GTEST_PROP(Uuid, Version7UsesTheRandomBits, (std::uint64_t high, std::uint64_t low)) {
  const Uuid id = Uuid::v7(milliseconds{0}, high, low);
  RC_ASSERT(id != Uuid::v7(milliseconds{0}, high ^ 1, low));
  RC_ASSERT(id != Uuid::v7(milliseconds{0}, high, low ^ (1ULL << 40)));
}

TEST(Uuid, HashesSpread) {
  std::set<std::size_t> hashes;
  for (std::uint64_t n = 0; n < 1000; ++n)
    hashes.insert(std::hash<Uuid>{}(Uuid::v7(milliseconds{5}, n, n << 32 | n)));
  EXPECT_GT(hashes.size(), 990U);
}

}  // namespace
}  // namespace pawl
