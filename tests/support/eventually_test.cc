#include "support/eventually.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(EventuallyTest, AsksUntilItIsTrue) {
  int asked = 0;
  EXPECT_TRUE(eventually("asked three times", [&] { return ++asked == 3; }));
  EXPECT_EQ(asked, 3);
}

TEST(EventuallyTest, SaysWhatItWaitedForAndWhatItSawLast) {
  auto result =
      eventually_without("the outbox is empty", [] { return std::string{"7 rows"}; }, 3ms);
  EXPECT_FALSE(result);
  EXPECT_THAT(result.message(),
              HasSubstr("not within 3 ms: the outbox is empty; last seen: 7 rows"));
}

}  // namespace
}  // namespace pawl::test
