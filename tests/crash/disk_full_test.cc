// The database's disk is full under load: the ledger waits until there is room again.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "pawl/core/failure.h"
#include "support/eventually.h"
#include "support/full_disk.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

struct DiskCase {
  const char* name;
  const char* full;  // of the data folder
};

class DiskFullTest : public testing::TestWithParam<DiskCase> {
 protected:
  /// PostgreSQL refuses statements while tables cannot grow, and crashes when its log cannot; it
  /// may not come up again by itself then.
  [[nodiscard]] testing::AssertionResult comes_up_again() {
    disk_.free_space();
    return eventually("the server is up", [this] {
      if (!server_.running()) server_.start_again();
      world_.reconnect();
      try {
        return world_.received() > 0;
      } catch (const Failure&) {
        return false;
      }
    });
  }
  FullDisk disk_;
  postgres::TemporaryServer server_{{.durable = true, .binaries = disk_.binaries()}};
  World world_{{.in_flight = 2, .server = &server_}};
};

TEST_P(DiskFullTest, IsWaitedForAndCostsNoCommand) {
  world_.produce(10'000);
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(eventually("it works", [&] { return world_.received() > 300; }))
      << ledger->describe();
  disk_.fill(GetParam().full);
  ASSERT_TRUE(eventually("it says so", [&] { return says(*ledger, "database cannot be used"); }))
      << ledger->describe();
  EXPECT_FALSE(is_ready(*ledger));
  EXPECT_TRUE(is_alive(*ledger));
  EXPECT_NE(server_.log_tail(2'000).find("No space left on device"), std::string::npos);
  ASSERT_TRUE(comes_up_again()) << server_.log_tail();
  ASSERT_TRUE(world_.drains()) << ledger->describe() << server_.log_tail();
  EXPECT_TRUE(eventually("it is ready", [&] { return is_ready(*ledger); }))
      << page(*ledger, "/healthz/ready");
  EXPECT_TRUE(ledger->running());
  EXPECT_EQ(metric(*ledger, "pawl_retries_total"), 0);
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

INSTANTIATE_TEST_SUITE_P(Disk,
                         DiskFullTest,
                         testing::Values(DiskCase{"OfTheTables", "/data/base/"},
                                         DiskCase{"OfTheLog", "/data/pg_wal/"}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace pawl::test
