#include "pawl/cli/explanation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pawl/cli/explanation_report.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

constexpr const char* kType = "shop.v1.Order";

class ExplanationTest : public testing::Test {
 protected:
  /// As the programs load it; the relay's needs, for nobody is asked.
  config::Loaded loaded() {
    auto loaded =
        config::load_settings({.environment = environment,
                               .defaults = defaults,
                               .needs = {.kafka = false, .database = false, .consumer = false}});
    if (!loaded) throw std::runtime_error(config::render_faults(loaded.error()));
    return *std::move(loaded);
  }
  Explanation explained(const std::string& error, HandlerStyle style = HandlerStyle::decider) {
    return explain(kType, error, style, meaning_of(error, style).value(), loaded());
  }
  std::vector<std::string> lines(const std::string& error,
                                 HandlerStyle style = HandlerStyle::decider) {
    return explanation_lines(explained(error, style));
  }

  std::map<std::string, std::string> environment;
  config::Defaults defaults{"shop", "shop"};
};

TEST_F(ExplanationTest, TellsTheDefaultsInFull) {
  EXPECT_THAT(
      lines("handler"),
      ElementsAre(
          "type         shop.v1.Order",
          "error        handler: its handler throws",
          "class        handler",
          "on failure   park_key (default): later commands of its key wait behind it, all others "
          "go "
          "on",
          "parked       up to 10,000 commands of one key, 100,000 of one partition; then the "
          "partition waits",
          "policy       [retry.handler], all as by default",
          "ends         dead letter when attempt 50 fails, or one that is made 24 h after the "
          "first "
          "failure or later: after 20 h on average (50 attempts), 25 h at most",
          "not counted  database away or full (08…, 57P…, 53…), deadlocks and the like (40001, "
          "40P01, 55P03), a stop of the consumer",
          "then         pawl dead groups --type shop.v1.Order; pawl dead list, show, redrive, "
          "discard",
          "",
          "attempt     wait before it  earliest  on average   latest",
          "1                        -         0           0        0",
          "2 to 6             at once         0           0        0",
          "7                0 to 10 s         0       5.0 s     10 s",
          "8                0 to 40 s         0        25 s     50 s",
          "9             0 to 2.7 min         0       105 s  3.5 min",
          "10             0 to 11 min         0     7.1 min   14 min",
          "11             0 to 43 min         0      28 min   57 min",
          "12 to 50  0 to 60 min each         0        20 h     25 h",
          "Times since the first failure, as if attempts took none; of rows with several, the last "
          "one's."));
}

TEST_F(ExplanationTest, SaysWhereOtherValuesCameFrom) {
  defaults.retry.database.attempts_max = 9;
  defaults.on_failure = {{kType, config::OnFailure::block_lane}};
  environment = {{"PAWL_RETRY__DATABASE__AGE_MAX", "2h"}};
  EXPECT_THAT(lines("23514"),
              IsSupersetOf({"on failure   block_lane (code): its whole partition waits",
                            "policy       [retry.database], attempts_max = 9 (code), age_max = 2h "
                            "(environment PAWL_RETRY__DATABASE__AGE_MAX)"}));
  EXPECT_THAT(lines("handler"), Contains("policy       [retry.handler], all as by default"));
}

TEST_F(ExplanationTest, AnOptOutHasNoRetries) {
  environment = {{"PAWL_ON_FAILURE", "shop.v1.Order=dead_letter"}};
  EXPECT_THAT(lines("handler"),
              ElementsAre("type        shop.v1.Order",
                          "error       handler: its handler throws",
                          "class       handler",
                          "on failure  dead_letter (environment PAWL_ON_FAILURE): nothing waits, "
                          "its first failure makes it a dead letter",
                          "ends        dead letter at once, nothing is tried again",
                          StartsWith("then        pawl dead groups --type shop.v1.Order")));
  environment = {{"PAWL_ON_FAILURE", "shop.v1.Order=skip_order"}};
  EXPECT_THAT(lines("handler"),
              Contains("on failure   skip_order (environment PAWL_ON_FAILURE): it waits alone, "
                       "later commands of its key overtake it"));
}

TEST_F(ExplanationTest, SqlstatesAreWhatTheEngineTakesThemFor) {
  for (const char* retried : {"23514", "23505", "22003", "57014", "P0001", "XX000"}) {
    EXPECT_EQ(meaning_of(retried, HandlerStyle::decider)->course, Course::retried) << retried;
    EXPECT_EQ(meaning_of(retried, HandlerStyle::decider)->failure_class, kDatabaseClass);
  }
  for (const char* rerun : {"40001", "40P01", "40p01", "55P03"})
    EXPECT_EQ(meaning_of(rerun, HandlerStyle::own_sql)->course, Course::rerun) << rerun;
  for (const char* away : {"08006", "57P01", "53100", "25006"})
    EXPECT_EQ(meaning_of(away, HandlerStyle::own_sql)->course, Course::paused) << away;
}

TEST_F(ExplanationTest, AMissingTableIsTheCommandsFaultInItsOwnSqlOnly) {
  EXPECT_EQ(meaning_of("42P01", HandlerStyle::decider)->course, Course::paused);
  EXPECT_EQ(meaning_of("42P01", HandlerStyle::own_sql)->course, Course::retried);
  EXPECT_EQ(meaning_of("42P01", HandlerStyle::unknown)->course, Course::retried);
}

TEST_F(ExplanationTest, OtherWordsAreNoErrors) {
  for (const char* wrong : {"", "throws", "Handler", "other", "2351", "235140", "23 14"})
    EXPECT_FALSE(meaning_of(wrong, HandlerStyle::decider)) << wrong;
}

TEST_F(ExplanationTest, WhatIsNotCountedHasNoTableAndNoDeadLetter) {
  for (const char* error : {"40001", "08006", "rejected"}) {
    EXPECT_THAT(explained(error).path, IsEmpty());
    EXPECT_THAT(lines(error), Not(Contains(StartsWith("then ")))) << error;
  }
  EXPECT_THAT(lines("40001"), Contains("ends   when it passes; no attempt is counted"));
  EXPECT_THAT(lines("08006"),
              Contains("ends   when it passes; looked for after 100 ms to 5.0 s, no attempt is "
                       "counted"));
}

TEST_F(ExplanationTest, WhatIsNoCommandIsADeadLetterAtOnce) {
  for (const char* error : {"undecodable", "unknown_type", "unknown_field"}) {
    EXPECT_THAT(lines(error),
                IsSupersetOf({"class  undecodable",
                              "ends   dead letter at once, nothing is tried again",
                              "then   pawl dead groups; pawl dead list, show, redrive, discard"}));
  }
}

TEST_F(ExplanationTest, ATypeThatMayBeKnownLaterWaitsLikeAFailedCommand) {
  environment = {{"PAWL_CONSUMER__UNKNOWN_TYPE", "retry_later"}};
  EXPECT_EQ(explained("unknown_type").meaning.course, Course::retried);
  EXPECT_EQ(explained("unknown_field").meaning.course, Course::retried);
  EXPECT_EQ(explained("undecodable").meaning.course, Course::dead_letter);
}

TEST_F(ExplanationTest, WhatCrashesIsGivenUp) {
  EXPECT_THAT(lines("crashed"), IsSupersetOf({"class  crashed"}));
}

TEST_F(ExplanationTest, TheHandlerSaysHowLongTheOutsideTakes) {
  environment = {{"PAWL_RETRY__OUTSIDE__ATTEMPTS_MAX", "7"}};
  EXPECT_THAT(
      lines("outside"),
      IsSupersetOf({"waits        as long as the handler asks for each time",
                    "ends         dead letter when attempt 7 fails, or one that is made 24 h "
                    "after the first failure or later"}));
  EXPECT_THAT(explained("outside").path, IsEmpty());
}

TEST_F(ExplanationTest, ALongTableEndsWithWhatItGrowsTo) {
  environment = {{"PAWL_RETRY__HANDLER__DELAY_MIN", "1ms"},
                 {"PAWL_RETRY__HANDLER__DELAY_FACTOR", "2"}};
  const auto all = lines("handler");
  const auto head =
      std::ranges::find_if(all, [](auto& line) { return line.starts_with("attempt "); });
  ASSERT_NE(head, all.end());
  EXPECT_EQ(std::distance(head, all.end()), 1 + 12 + 1);
  EXPECT_THAT(*(head + 12), StartsWith("16 to 50  0 to 512 ms, growing to 60 min"));
}

TEST_F(ExplanationTest, AnUnknownTypeIsSaidToBe) {
  const auto all = lines("handler", HandlerStyle::unknown);
  EXPECT_EQ(all.front(), "type         shop.v1.Order (not known here)");
  EXPECT_THAT(all.back(), StartsWith("This program does not know the type: "));
}

TEST_F(ExplanationTest, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(explanation_json(explained("23514")));
  EXPECT_EQ(json["class"], "database");
  EXPECT_EQ(json["course"], "retried");
  EXPECT_EQ(json["known_type"], true);
  EXPECT_EQ(json["on_failure"]["is"], "park_key");
  EXPECT_EQ(json["policy"]["section"], "retry.database");
  EXPECT_EQ(json["policy"]["delay_max_ms"], 3'600'000);
  ASSERT_EQ(json["attempts"].size(), 50U);
  EXPECT_EQ(json["attempts"][7]["attempt"], 8);
  EXPECT_EQ(json["attempts"][7]["wait_max_ms"], 40'000);
  EXPECT_EQ(json["attempts"][7]["latest_ms"], 50'000);
  const auto rerun = nlohmann::json::parse(explanation_json(explained("40001")));
  EXPECT_EQ(rerun["class"], nullptr);
  EXPECT_EQ(rerun["policy"], nullptr);
  EXPECT_TRUE(rerun["attempts"].empty());
}

}  // namespace
}  // namespace pawl::cli
