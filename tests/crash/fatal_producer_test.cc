// The relay's idempotent producer ends with a fatal error, again and again: a new one goes on.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/preload.h"

namespace pawl::test {
namespace {

TEST(FatalProducerTest, IsReplacedAndOrderIsKept) {
  World world{{.in_flight = 2}};
  world.produce(6'000);
  const auto ledger = world.start_ledger(
      {{"LD_PRELOAD", fatal_producer_library()}, {"FATAL_PRODUCER_AT", "500,2500,5000"}});
  ASSERT_TRUE(world.drains()) << ledger->describe();
  EXPECT_EQ(times_said(*ledger, "test_fatal_error"), 3U) << ledger->describe();
  EXPECT_GE(times_said(*ledger, "OUT_OF_ORDER_SEQUENCE_NUMBER"), 3U) << ledger->describe();
  EXPECT_TRUE(ledger->running());
  EXPECT_TRUE(world.holds_and_gave_nothing_up());
}

}  // namespace
}  // namespace pawl::test
