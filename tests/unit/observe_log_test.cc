#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "observe_clock.h"
#include "pawl/observe/log.h"
#include "pawl/observe/log_limiter.h"

namespace pawl::observe {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;

class LogTest : public testing::Test {
 protected:
  Log log(LogLevel level = LogLevel::info, LogFormat format = LogFormat::json) {
    return Log{clock, {level, format, [this](std::string_view line) { lines.emplace_back(line); }}};
  }
  HandClock clock;
  std::vector<std::string> lines;
};

TEST_F(LogTest, WritesOneJsonObjectALine) {
  log().info("lane taken",
             {{"topic", "ledger.commands"}, {"partition", 3}, {"rate", 0.5}, {"first", true}});
  EXPECT_THAT(
      lines,
      ElementsAre(
          "{\"time\":\"2026-11-20T00:00:01.234Z\",\"level\":\"info\",\"message\":\"lane taken\","
          "\"topic\":\"ledger.commands\",\"partition\":3,\"rate\":0.5,\"first\":true}\n"));
}

TEST_F(LogTest, TakesEveryKindOfText) {
  const std::string text = "a";
  const std::string_view view = "b";
  log().info("m", {{"string", text}, {"view", view}, {"literal", "c"}, {"size", text.size()}});
  EXPECT_THAT(
      lines,
      ElementsAre(EndsWith("\"string\":\"a\",\"view\":\"b\",\"literal\":\"c\",\"size\":1}\n")));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  Log quiet = log(LogLevel::warning);
  const Log child = quiet.with({{"consumer", "ledger"}});
  child.info("no");
  child.warn("yes");
  quiet.set_level(LogLevel::debug);
  child.debug("now");
  EXPECT_EQ(lines.size(), 2U);
}

TEST_F(LogTest, BoundFieldsComeBeforeTheLinesOwn) {
  log().with({{"consumer", "ledger"}}).with({{"engine", 0}}).error("m", {{"offset", 7}});
  EXPECT_THAT(lines,
              ElementsAre(EndsWith(
                  "\"message\":\"m\",\"consumer\":\"ledger\",\"engine\":0,\"offset\":7}\n")));
}

TEST_F(LogTest, AnythingInATextStaysOneValidLine) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  log().info(all, {{"message_id", "\xED\xA0\x80 \xF4\x90\x80\x80 \xC0\x80 \xE2\x82 ok €"}});
  const auto line = nlohmann::json::parse(lines.at(0));
  EXPECT_EQ(line["message"].get<std::string>().substr(0, 32), all.substr(0, 32));
  EXPECT_THAT(line["message_id"].get<std::string>(), EndsWith(" ok €"));
  EXPECT_EQ(std::ranges::count(lines.at(0), '\n'), 1);
}

TEST_F(LogTest, NumbersThatJsonDoesNotKnowAreTexts) {
  log().info("m",
             {{"a", std::numeric_limits<double>::quiet_NaN()},
              {"b", std::numeric_limits<double>::infinity()}});
  EXPECT_EQ(nlohmann::json::parse(lines.at(0))["b"], "inf");
}

TEST_F(LogTest, CutsLongTexts) {
  log().info(std::string(100'000, 'x'));
  EXPECT_LT(lines.at(0).size(), 5000U);
  EXPECT_THAT(nlohmann::json::parse(lines.at(0))["message"].get<std::string>(), EndsWith("x…"));
}

TEST_F(LogTest, ATerminalGetsText) {
  log(LogLevel::info, LogFormat::text)
      .with({{"consumer", "ledger"}})
      .warn("broker\nis away", {{"what", "connection refused"}, {"code", 111}});
  EXPECT_THAT(lines,
              ElementsAre("2026-11-20T00:00:01.234Z WARN  broker\\nis away what=\"connection "
                          "refused\" code=111 consumer=ledger\n"));
}

TEST_F(LogTest, AWriterThatThrowsLosesOnlyItsLine) {
  const Log broken{clock,
                   {.writer = [](std::string_view) { throw std::runtime_error("disk full"); }}};
  EXPECT_NO_THROW(broken.info("m"));
}

TEST_F(LogTest, ThreadsDoNotMixTheirLines) {
  const Log shared = log();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&shared, i] {
        for (int n = 0; n < 250; ++n) shared.with({{"thread", i}}).info("m", {{"n", n}});
      });
    }
  }
  EXPECT_EQ(lines.size(), 1000U);
  for (const std::string& line : lines) EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST_F(LogTest, StandardErrorGetsWholeLines) {
  testing::internal::CaptureStderr();
  const Log standard{clock, {}};
  standard.info("one {} %v");
  standard.info("two");
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_THAT(written, testing::HasSubstr("\"message\":\"one {} %v\"}\n{"));
  EXPECT_THAT(written, EndsWith("\"two\"}\n"));
}

TEST_F(LogTest, ALimiterAdmitsOneAnIntervalAndCountsTheRest) {
  LogLimiter limiter{clock};
  EXPECT_EQ(limiter.admit("a"), 0U);
  EXPECT_EQ(limiter.admit("a"), std::nullopt);
  EXPECT_EQ(limiter.admit("a"), std::nullopt);
  EXPECT_EQ(limiter.admit("b"), 0U);
  clock.since_start += 1s;
  EXPECT_EQ(limiter.admit("a"), 2U);
  clock.since_start += 1s;
  EXPECT_EQ(limiter.admit("a"), 0U);
}

TEST_F(LogTest, ALimiterForgetsRatherThanGrows) {
  LogLimiter limiter{clock};
  for (int i = 0; i < 100'000; ++i) (void)limiter.admit(std::to_string(i));
  EXPECT_EQ(limiter.admit("0"), 0U);
}

}  // namespace
}  // namespace pawl::observe
