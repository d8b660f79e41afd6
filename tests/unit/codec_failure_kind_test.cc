// Failures of one kind are told from others, whatever the command was about.
#include <gtest/gtest.h>

#include "pawl/codec/failure_kind.h"

namespace pawl::codec {
namespace {

TEST(FailureKindTest, ParticularsMakeNoDifference) {
  EXPECT_EQ(without_particulars("account 4711 has 12.50 EUR, 'savings' wants \"20\""),
            "account # has # EUR, # wants #");
  EXPECT_EQ(without_particulars("no row 01998f3e-7c1a-7a53-9d5f-0c3b8f6f2a11"), "no row #");
  EXPECT_EQ(without_particulars("at 2026-11-22T08:30:00Z"),
            without_particulars("at 2025-01-01T11:59:59Z"));
}

TEST(FailureKindTest, WordsDo) {
  EXPECT_EQ(without_particulars("connection refused"), "connection refused");
  EXPECT_EQ(without_particulars("it doesn't, and won't"), "it doesn't, and won't");
  EXPECT_EQ(without_particulars("an \"open mark"), "an \"open mark");
  EXPECT_EQ(without_particulars(""), "");
  EXPECT_EQ(without_particulars("größer"), "größer");
}

TEST(FailureKindTest, ClassCodeAndTextAllCount) {
  const auto kind = failure_fingerprint("handler", "threw", "no account 1");
  EXPECT_EQ(kind, failure_fingerprint("handler", "threw", "no account 2"));
  EXPECT_NE(kind, failure_fingerprint("database", "threw", "no account 1"));
  EXPECT_NE(kind, failure_fingerprint("handler", "timeout", "no account 1"));
  EXPECT_NE(kind, failure_fingerprint("handler", "threw", "no bank 1"));
  EXPECT_NE(failure_fingerprint("a", "bc", ""), failure_fingerprint("ab", "c", ""));
}

}  // namespace
}  // namespace pawl::codec
