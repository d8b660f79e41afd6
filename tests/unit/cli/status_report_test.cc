#include "pawl/cli/status_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;

using testing::HasSubstr;

using testing::SizeIs;

StatusView two_lanes() {
  StatusView view;
  view.state.consumers = {{.name = "ledger",
                           .lanes = {{.lane = {"ledger.commands", 0},
                                      .owner = "worker-7f9c4d5b8-x2lqp:1",
                                      .owned = true,
                                      .next_offset = 12'345'678},
                                     {.lane = {"ledger.commands", 1},
                                      .owner = "worker-7f9c4d5b8-k9dtw:1",
                                      .owned = false,
                                      .next_offset = 500,
                                      .held_keys = 12,
                                      .parked = 340}},
                           .pauses = {{.pause = {.lane = TopicPartition{"ledger.commands", 1}},
                                       .decision = {"ann@host", "schema change"},
                                       .at = {}}},
                           .open_circuits = {{"k9dtw:1", "bank", "no answer", 65s}},
                           .dead = 3,
                           .redriven = 2,
                           .discarded = 1}};
  view.lags["ledger"] = {{{"ledger.commands", 0}, {12'345'678, 0, {}}},
                         {{"ledger.commands", 1}, {740, 240, 95s}}};
  view.state.outbox = {.unpublished = 7, .oldest = 2s, .held_events = 4, .held_keys = 2};
  view.state.relays = {{.name = "default", .owner = "host:1", .batch = 99, .silent_for = 1s}};
  return view;
}

TEST(StatusReport, FitsAHundredColumns) {
  for (const std::string& line : status_lines(two_lanes()))
    EXPECT_THAT(line, SizeIs(testing::Le(100)));
}

TEST(StatusReport, SaysWhatIsToBeActedOn) {
  const auto lines = status_lines(two_lanes());
  EXPECT_THAT(lines,
              Contains(AllOf(HasSubstr("k9dtw:1 (gone)"), HasSubstr("240"), HasSubstr("paused"))));
  EXPECT_THAT(lines, Contains(HasSubstr("paused: partition 1 (ledger.commands), by ann@host")));
  EXPECT_THAT(lines, Contains(HasSubstr("circuit open: bank is not called by k9dtw:1, for 65")));
  EXPECT_THAT(lines, Contains(HasSubstr("3 dead, 2 redriven, 1 discarded")));
  EXPECT_THAT(lines, Contains(HasSubstr("7 unpublished, the oldest for 2.0 s; 4 held, of 2 keys")));
  EXPECT_THAT(lines, Contains(HasSubstr("relay default: host:1, at batch 99")));
}

TEST(StatusReport, WhatIsNotKnownIsADash) {
  StatusView view = two_lanes();
  view.lags.clear();
  view.brokers_silent = "no broker answers";
  const auto lines = status_lines(view);
  EXPECT_THAT(lines.front(), HasSubstr("no broker answers"));
  EXPECT_THAT(lines, Contains(HasSubstr(" -  ")));
  const auto json = nlohmann::json::parse(status_json(view));
  EXPECT_TRUE(json["consumers"][0]["lanes"][1]["lag_seconds"].is_null());
}

TEST(StatusReport, OneLineForAllLanesOfATopic) {
  EXPECT_THAT(status_lines(two_lanes()),
              Contains(AllOf(HasSubstr("  all "), HasSubstr(" 240 "), HasSubstr(" 340"))));
}

TEST(StatusReport, JsonHasTheNumbersAsTheyAre) {
  const auto json = nlohmann::json::parse(status_json(two_lanes()));
  const auto& lanes = json["consumers"][0]["lanes"];
  EXPECT_EQ(lanes[0]["lag_seconds"], 0.0);
  EXPECT_EQ(lanes[1]["lag_seconds"], 95.0);
  EXPECT_EQ(lanes[1]["owned"], false);
  EXPECT_EQ(lanes[1]["paused"], true);
  EXPECT_TRUE(json["brokers_silent"].is_null());
}

}  // namespace
}  // namespace pawl::cli
