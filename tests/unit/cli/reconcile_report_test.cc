#include "pawl/cli/reconcile_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pawl::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

Reconciliation one_lane() {
  Reconciliation result;
  result.figures.consumer = "ledger";
  result.figures.lanes = {{.lane = {"c", 0},
                           .next_offset = 1100,
                           .received = 1100,
                           .completed = 1000,
                           .undecodable = 100,
                           .dead_letters = 100,
                           .ends = LogEnds{0, 1105}},
                          {.lane = {"c", 1}, .ends = LogEnds{0, 0}}};
  result.figures.inbox.completed = 1000;
  result.figures.dead_letters = 100;
  result.figures.outbox.dead_letters = 100;
  result.figures.brokers_asked = true;
  result.checks = check(result.figures);
  return result;
}

TEST(ReconcileReport, HasALineForEachLaneAndOneForAll) {
  const auto lines = report_lines(one_lane());
  EXPECT_THAT(
      lines,
      Contains(AllOf(StartsWith("c/0"), HasSubstr("1,100"), HasSubstr("100"), HasSubstr("5"))));
  EXPECT_THAT(lines, Contains(StartsWith("all")));
}

TEST(ReconcileReport, LastLineIsTheAnswer) {
  Reconciliation result = one_lane();
  EXPECT_EQ(report_lines(result).back(), "reconciled: nothing is lost, work is under way");
  result.drained = true;
  EXPECT_EQ(report_lines(result).back(), "NOT reconciled: work is left");
  result.figures.lanes[0].received = 1;
  result.checks = check(result.figures);
  EXPECT_THAT(report_lines(result).back(), StartsWith("NOT reconciled: checks broken: 1 of"));
}

TEST(ReconcileReport, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(report_json(one_lane()));
  EXPECT_EQ(json["holds"], true);
  EXPECT_EQ(json["lanes"][0]["lag"], 5);
  EXPECT_EQ(json["checks"][0]["name"], "received");
  EXPECT_EQ(json["checks"][0]["verdict"], "holds");
}

}  // namespace
}  // namespace pawl::cli
