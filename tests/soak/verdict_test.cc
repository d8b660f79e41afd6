// A good run's figures, and what bugs would do to them.
#include "soak/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Figures good_run() {
  const Footprint footprint{.rss_mib = 80, .descriptors = 40, .threads = 14, .connections = 8};
  return {.elapsed = 160s,
          .rotating = 165s,
          .baseline = footprint,
          .end = footprint,
          .rss_max_mib = 95,
          .sent = 300'000,
          .received = 300'000,
          .drained = true,
          .drained_in = 2s,
          .longest_stall = 6s,
          .lag_max = 20'000,
          .per_second = 2'000,
          .tables = {{.name = "pawl.consumer_position", .rows = 8, .bytes = 400'000}},
          .rotating_tables = {{.name = "pawl.inbox",
                               .period = 20s,
                               .rotations = 7,
                               .rows = 150'000,
                               .oldest_row = 75s}}};
}

std::vector<std::string> broken(const std::function<void(Figures&)>& plant) {
  Figures figures = good_run();
  plant(figures);
  std::vector<std::string> names;
  for (const Check& check : judge(figures)) {
    if (!check.holds) names.push_back(check.name);
  }
  EXPECT_EQ(names.empty(), all_hold(judge(figures)));
  return names;
}

TEST(SoakVerdict, AGoodRunHolds) {
  EXPECT_THAT(broken([](Figures&) {}), ElementsAre());
}

TEST(SoakVerdict, ALittleMoreMemoryIsNoLeak) {
  EXPECT_THAT(broken([](Figures& run) { run.end.rss_mib = 100; }), ElementsAre());
}

TEST(SoakVerdict, FindsGrowingMemory) {
  EXPECT_THAT(broken([](Figures& run) { run.end.rss_mib = 130; }), ElementsAre("memory"));
}

TEST(SoakVerdict, FindsLeakedDescriptors) {
  EXPECT_THAT(broken([](Figures& run) { run.end.descriptors += 10; }), ElementsAre("descriptors"));
}

TEST(SoakVerdict, FindsLeakedThreads) {
  EXPECT_THAT(broken([](Figures& run) { run.end.threads += 6; }), ElementsAre("threads"));
}

TEST(SoakVerdict, FindsOneLeakedConnection) {
  EXPECT_THAT(broken([](Figures& run) { ++run.end.connections; }), ElementsAre("connections"));
}

TEST(SoakVerdict, FindsAConnectionThatDidNotComeBack) {
  EXPECT_THAT(broken([](Figures& run) { --run.end.connections; }), ElementsAre("connections"));
}

TEST(SoakVerdict, FindsALostCommand) {
  EXPECT_THAT(broken([](Figures& run) { --run.received; }), ElementsAre("drained"));
  EXPECT_THAT(broken([](Figures& run) { run.broken_promises = {"ending: command 7 has none"}; }),
              ElementsAre("promises"));
  EXPECT_THAT(broken([](Figures& run) { run.reconciled = "BROKEN received"; }),
              ElementsAre("reconciled"));
}

TEST(SoakVerdict, FindsACommandReceivedTwice) {
  EXPECT_THAT(broken([](Figures& run) { ++run.received; }), ElementsAre("drained"));
}

TEST(SoakVerdict, FindsWorkThatIsNeverDone) {
  EXPECT_THAT(broken([](Figures& run) { run.drained = false; }), ElementsAre("drained"));
  EXPECT_THAT(broken([](Figures& run) { run.drained_in = 80s; }), ElementsAre("drained"));
}

TEST(SoakVerdict, FindsALaneThatStandsStill) {
  EXPECT_THAT(broken([](Figures& run) { run.longest_stall = 31s; }), ElementsAre("progress"));
}

TEST(SoakVerdict, FindsWorkersThatAreTooSlow) {
  EXPECT_THAT(broken([](Figures& run) { run.lag_max = 110'000; }), ElementsAre("behind"));
}

TEST(SoakVerdict, FindsAWorkerThatCrashed) {
  EXPECT_THAT(broken([](Figures& run) { run.bad_ends = {"worker 2 ended by itself with 139"}; }),
              ElementsAre("ends"));
}

TEST(SoakVerdict, FindsALineThatIsNoJson) {
  EXPECT_THAT(broken([](Figures& run) { run.bad_lines = {"worker 1: FATAL:  57P01"}; }),
              ElementsAre("logs"));
}

TEST(SoakVerdict, FindsDeadRowsThatPileUp) {
  EXPECT_THAT(broken([](Figures& run) { run.tables[0].bytes = 20'000'000; }),
              ElementsAre("pawl.consumer_position"));
}

TEST(SoakVerdict, FindsAnInboxThatIsNeverEmptied) {
  EXPECT_THAT(broken([](Figures& run) { run.rotating_tables[0].rotations = 2; }),
              ElementsAre("pawl.inbox"));
  EXPECT_THAT(broken([](Figures& run) { run.rotating_tables[0].oldest_row = 160s; }),
              ElementsAre("pawl.inbox"));
}

}  // namespace
}  // namespace pawl::soak
