#include <gtest/gtest.h>

#include "pawl/core/rfc3339.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

TEST(Rfc3339, IsUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(WallTime{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(WallTime{1'709'210'096'007ms}), "2024-02-29T12:34:56.007Z");
  EXPECT_EQ(rfc3339(WallTime{-1ms}), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace pawl
