// The network takes COMMIT, or the answer to it, while the next batch is under way.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kCommit = "commit#";  // the engine's prepared statement on the wire

class CutCommitsTest : public testing::TestWithParam<TcpGate::Lost> {
 protected:
  postgres::TemporaryServer server_{{.tcp = true}};
  TcpGate gate_;
  World world_{{.in_flight = 2, .server = &server_, .database_gate = &gate_}};
};

// At every 5th: after a cut the engine goes one batch at a time for two or three, then two are in
// flight again.
TEST_P(CutCommitsTest, EndEachCommandOnceWhetherTheCommitArrivedOrNot) {
  world_.produce(10'000);
  gate_.cut_at(kCommit, GetParam(), 5);
  const auto ledger = world_.start_ledger();
  ASSERT_TRUE(world_.drains()) << ledger->describe();
  EXPECT_GE(gate_.cut_at_text(), 10);
  EXPECT_GE(times_said(*ledger, "\"recovered\""), 10U) << ledger->describe();
  EXPECT_EQ(metric(*ledger, "pawl_retries_total"), 0);
  EXPECT_TRUE(world_.holds_and_gave_nothing_up());
}

INSTANTIATE_TEST_SUITE_P(Lost,
                         CutCommitsTest,
                         testing::Values(TcpGate::Lost::request, TcpGate::Lost::answer),
                         [](const auto& info) {
                           return info.param == TcpGate::Lost::request ? "Commit" : "Answer";
                         });

}  // namespace
}  // namespace pawl::test
