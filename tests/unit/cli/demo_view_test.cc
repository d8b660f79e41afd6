#include "pawl/cli/demo_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

DemoSample busy() {
  return {.phase = DemoPhase::running,
          .elapsed = 12s,
          .sent = 252'500,
          .received = 252'000,
          .completed = 214'200,
          .duplicate = 12'600,
          .rejected = 12'600,
          .dead = 12'600,
          .per_second = 21'034,
          .waiting = 500,
          .oldest_waiting = 14ms,
          .p50 = 12ms,
          .p99 = 48ms,
          .outbox_age = 8ms,
          .outbox_rows = 120,
          .published = 239'000};
}

DemoFacts facts() {
  return {.database = "private PostgreSQL", .kafka = "embedded Kafka", .seconds = 20s};
}

TEST(DemoView, ShowsRateEndingsAgesAndLatencies) {
  const auto lines = demo_lines(busy(), facts(), {1, 2, 4}, {});
  EXPECT_THAT(lines, Contains(HasSubstr("running  12 s of 20 s")));
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("commands/s"), HasSubstr("21,034"), HasSubstr("▃▅█"))));
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("completed"), HasSubstr("214,200"), HasSubstr("85.0 %"))));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("waiting"), HasSubstr("500"), HasSubstr("14 ms"))));
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("p50 12 ms"), HasSubstr("p99 48 ms"))));
  EXPECT_THAT(
      lines,
      Contains(AllOf(HasSubstr("239,000"), HasSubstr("120 in the outbox"), HasSubstr("8.0 ms"))));
}

TEST(DemoView, KeepsItsHeightSoThatItCanBeRedrawn) {
  EXPECT_EQ(demo_lines({}, facts(), {}, {}).size(), demo_lines(busy(), facts(), {1, 2}, {}).size());
}

TEST(DemoView, ShowsWarningsBelow) {
  EXPECT_EQ(demo_lines(busy(), facts(), {}, {"broker away"}).back(), "  ! broker away");
}

TEST(DemoView, DividesByNothingBeforeTheFirstCommand) {
  EXPECT_THAT(demo_lines({}, facts(), {0, 0}, {}), Not(Contains(HasSubstr("nan"))));
}

TEST(DemoView, PlainLineHasTheSameFigures) {
  EXPECT_THAT(demo_line(busy()),
              AllOf(HasSubstr("21,034/s"),
                    HasSubstr("duplicate 12,600"),
                    HasSubstr("p99 48 ms"),
                    Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace pawl::cli
