#include "pawl/cli/reconcile_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace pawl::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A consumer that did everything right: two lanes, 100 commands, all ended, published and read.
ReconcileFigures sound() {
  ReconcileFigures figures;
  figures.consumer = "ledger";
  figures.lanes = {{.lane = {"c", 0},
                    .start_offset = 5,
                    .next_offset = 65,
                    .received = 60,
                    .completed = 50,
                    .duplicate = 5,
                    .rejected = 3,
                    .exhausted = 1,
                    .undecodable = 1,
                    .parked = 0,
                    .dead_letters = 2,
                    .ends = LogEnds{0, 65}},
                   {.lane = {"c", 1},
                    .start_offset = 0,
                    .next_offset = 41,
                    .received = 40,
                    .completed = 30,
                    .duplicate = 5,
                    .rejected = 4,
                    .exhausted = 0,
                    .undecodable = 1,
                    .parked = 0,
                    .dead_letters = 1,
                    .ends = LogEnds{10, 41}}};
  figures.inbox = {.completed = 80, .rejected = 7, .exhausted = 1};
  figures.outbox = {.events = 87, .dead_letters = 3};
  figures.dead_letters = 3;
  figures.parked_commands = 0;
  figures.brokers_asked = true;
  figures.ledger = LedgerFigures{.customer_accounts = 20,
                                 .transfers = 50,
                                 .transfer_ids = 50,
                                 .statements = 10,
                                 .payments = 6,
                                 .captures = 6};
  return figures;
}

std::vector<std::string> not_holding(const ReconcileFigures& figures,
                                     Verdict verdict = Verdict::broken) {
  std::vector<std::string> names;
  for (const Check& each : check(figures)) {
    if (each.verdict == verdict) names.push_back(each.name);
  }
  return names;
}

std::string found(const ReconcileFigures& figures, std::string_view name) {
  for (const Check& each : check(figures)) {
    if (each.name == name) return each.found;
  }
  return "no such check";
}

TEST(ReconcileChecks, PassWhenNothingIsLost) {
  EXPECT_THAT(not_holding(sound()), IsEmpty());
  EXPECT_TRUE(passed(check(sound()), /*drained=*/true));
}

TEST(ReconcileChecks, ExpiredDeadLettersAreAccountedFor) {
  ReconcileFigures figures = sound();
  figures.lanes[0].dead_letters = 0;
  figures.lanes[0].expired = 2;
  figures.dead_letters = 1;
  figures.expired = 2;
  EXPECT_THAT(not_holding(figures), IsEmpty());
  EXPECT_EQ(found(figures, "dead_letters"), "1 rows + 2 expired");
}

// One was exhausted, handed back and rejected; an undecodable one waits to be tried again.
TEST(ReconcileChecks, WhatWasHandedBackIsNotDead) {
  ReconcileFigures figures = sound();
  LaneFigures& lane = figures.lanes[0];
  lane.redriven_exhausted = lane.redriven_undecodable = 1;
  ++lane.rejected;
  ++lane.parked;
  ++figures.parked_commands;
  ++figures.inbox.rejected;
  --figures.inbox.exhausted;
  ++figures.outbox.events;
  EXPECT_THAT(not_holding(figures), IsEmpty());
  EXPECT_THAT(not_holding(figures, Verdict::waiting), ElementsAre("parked"));
  EXPECT_FALSE(passed(check(figures), /*drained=*/true));
  EXPECT_EQ(lane.dead(), 0);
  ++figures.inbox.exhausted;
  EXPECT_THAT(not_holding(figures), testing::Contains("inbox_exhausted"));
}

struct Planted {
  const char* bug;
  const char* name;  // of the check that must find it, alone
  std::function<void(ReconcileFigures&)> plant;
};

void PrintTo(const Planted& planted, std::ostream* out) {
  *out << planted.bug;
}

class ReconcileBug : public testing::TestWithParam<Planted> {};

TEST_P(ReconcileBug, IsFoundByItsCheckAlone) {
  ReconcileFigures figures = sound();
  GetParam().plant(figures);
  EXPECT_THAT(not_holding(figures), ElementsAre(GetParam().name)) << GetParam().bug;
  EXPECT_FALSE(passed(check(figures), /*drained=*/false));
}

INSTANTIATE_TEST_SUITE_P(
    Planted,
    ReconcileBug,
    testing::Values(
        Planted{"a command was received and never ended",
                "received",
                [](auto& f) { ++f.lanes[1].received; }},
        Planted{"a command ended twice", "received", [](auto& f) { ++f.lanes[1].duplicate; }},
        Planted{
            "a position was left behind", "offsets", [](auto& f) { f.lanes[0].next_offset = 64; }},
        Planted{"a completed command has no inbox row",
                "inbox_completed",
                [](auto& f) { --f.inbox.completed; }},
        Planted{"a rejected command has no inbox row",
                "inbox_rejected",
                [](auto& f) { --f.inbox.rejected; }},
        Planted{"an exhausted command has no inbox row",
                "inbox_exhausted",
                [](auto& f) { --f.inbox.exhausted; }},
        Planted{"an inbox row without a command",
                "inbox_completed",
                [](auto& f) { ++f.inbox.completed; }},
        Planted{"more inbox rows than commands, after a rotation",
                "inbox_completed",
                [](auto& f) {
                  f.inbox.cleared = true;
                  ++f.inbox.completed;
                }},
        Planted{"a dead letter was not kept",
                "dead_letters",
                [](auto& f) {
                  --f.lanes[0].dead_letters;
                  --f.dead_letters;
                }},
        Planted{"a dead letter of a lane that nobody has",
                "dead_letters",
                [](auto& f) { ++f.dead_letters; }},
        Planted{"a dead letter is counted as expired and still there",
                "dead_letters",
                [](auto& f) {
                  ++f.lanes[0].expired;
                  ++f.expired;
                }},
        Planted{"a dead letter expired and was not counted",
                "dead_letters",
                [](auto& f) {
                  f.lanes[0].dead_letters = 0;
                  f.lanes[0].expired = 1;
                  f.dead_letters = 1;
                  f.expired = 1;
                }},
        Planted{"a dead letter expired in a lane that was not its own",
                "dead_letters",
                [](auto& f) {
                  --f.lanes[0].dead_letters;
                  --f.dead_letters;
                  ++f.lanes[1].expired;
                  ++f.expired;
                }},
        Planted{"a dead letter of a lane that nobody has expired",
                "dead_letters",
                [](auto& f) { ++f.expired; }},
        Planted{"a parked command is gone", "parked", [](auto& f) { --f.parked_commands; }},
        Planted{"a dead letter was not sent",
                "dead_letter_records",
                [](auto& f) { --f.outbox.dead_letters; }},
        Planted{"money appeared", "money", [](auto& f) { f.ledger->balance_sum = "1"; }},
        Planted{"a balance without a transfer",
                "journal",
                [](auto& f) { f.ledger->wrong_balances = 1; }},
        Planted{"a completed command without effect",
                "effects",
                [](auto& f) { --f.ledger->customer_accounts; }},
        Planted{"a transfer was made twice", "once", [](auto& f) { --f.ledger->transfer_ids; }},
        Planted{
            "a payment without its transfer", "payments", [](auto& f) { ++f.ledger->payments; }},
        Planted{
            "a completed command without an event", "events", [](auto& f) { --f.outbox.events; }},
        Planted{"records were deleted unread",
                "topic",
                [](auto& f) {
                  f.lanes[1].ends->low = 50;
                  f.lanes[1].ends->high = 60;
                  f.lanes[1].next_offset = 49;
                }},
        Planted{"the topic was recreated", "topic", [](auto& f) { f.lanes[0].ends->high = 3; }},
        Planted{"a partition is gone", "topic", [](auto& f) { f.lanes[0].ends.reset(); }}));

TEST(ReconcileChecks, WorkUnderWayIsNoLossButNotDrained) {
  ReconcileFigures figures = sound();
  figures.outbox.unpublished = 12;
  figures.outbox.oldest_unpublished_seconds = 0.02;
  figures.outbox.holes = 1;
  figures.lanes[1].ends->high += 7;
  EXPECT_THAT(not_holding(figures), IsEmpty());
  EXPECT_THAT(not_holding(figures, Verdict::waiting), ElementsAre("published", "read"));
  EXPECT_TRUE(passed(check(figures), /*drained=*/false));
  EXPECT_FALSE(passed(check(figures), /*drained=*/true));
  EXPECT_THAT(found(figures, "published"), HasSubstr("12 events wait, the oldest for 20 ms"));
  EXPECT_EQ(found(figures, "read"), "7 records wait");
}

TEST(ReconcileChecks, ClearedRowsMakeALowerBound) {
  ReconcileFigures figures = sound();
  figures.inbox = {.completed = 10, .rejected = 0, .exhausted = 0, .cleared = true};
  figures.outbox.events = 4;
  figures.outbox.dead_letters = 0;
  figures.outbox.cleared = true;
  EXPECT_THAT(not_holding(figures), IsEmpty());
  EXPECT_THAT(found(figures, "inbox_completed"), HasSubstr("lower bound"));
}

TEST(ReconcileChecks, OffsetsWithoutRecordsAreCountedNotBlamed) {
  ReconcileFigures figures = sound();
  EXPECT_THAT(found(figures, "offsets"), HasSubstr("offsets without a record: 1"));
}

TEST(ReconcileChecks, OffsetsWithoutRecordsAreLostWhereNoneCanBe) {
  ReconcileFigures figures = sound();
  figures.gaps_are_lost = true;
  EXPECT_THAT(not_holding(figures), ElementsAre("offsets"));
  EXPECT_EQ(found(figures, "offsets"), "c/1: moved by 41, received 40");
}

TEST(ReconcileChecks, KafkaIsJudgedOnlyWhenAsked) {
  ReconcileFigures figures = sound();
  figures.brokers_asked = false;
  for (LaneFigures& lane : figures.lanes) lane.ends.reset();
  EXPECT_THAT(not_holding(figures), IsEmpty());
  EXPECT_EQ(found(figures, "read"), "no such check");
}

TEST(ReconcileChecks, ManyWrongLanesAreNamedInShort) {
  ReconcileFigures figures = sound();
  figures.lanes.assign(20, figures.lanes[0]);
  for (LaneFigures& lane : figures.lanes) ++lane.received;
  EXPECT_THAT(found(figures, "received"), HasSubstr("and 17 more lanes"));
}

}  // namespace
}  // namespace pawl::cli
