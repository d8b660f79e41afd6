#include "pawl/cli/moments.h"

#include <gtest/gtest.h>

#include "pawl/core/rfc3339.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'763'800'000'000ms};

TEST(MomentsTest, SoLongAgo) {
  EXPECT_EQ(parse_moment("90s", kNow), kNow - 90s);
  EXPECT_EQ(parse_moment("30m", kNow), kNow - 30min);
  EXPECT_EQ(parse_moment("2h", kNow), kNow - 2h);
  EXPECT_EQ(parse_moment("7d", kNow), kNow - 168h);
  EXPECT_EQ(parse_moment("0s", kNow), kNow);
}

TEST(MomentsTest, TimesAreUtc) {
  for (const char* text : {"2026-11-22", "2026-11-22 00:00:00", "2026-11-22T00:00:00Z"}) {
    const auto time = parse_moment(text, kNow);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(rfc3339(*time), "2026-11-22T00:00:00.000Z");
    EXPECT_EQ(readable(*time), "2026-11-22 00:00:00");
  }
}

TEST(MomentsTest, AnythingElseIsRefused) {
  for (const char* text : {"",
                           "h",
                           "-1h",
                           "1.5h",
                           "2w",
                           "h2",
                           "99999999999d",
                           "yesterday",
                           "2026-13-01",
                           "2026-11-22x"}) {
    EXPECT_FALSE(parse_moment(text, kNow)) << text;
  }
}

}  // namespace
}  // namespace pawl::cli
