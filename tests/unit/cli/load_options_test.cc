#include "pawl/cli/load_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pawl/cli/load_report.h"

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using command_publisher::Kind;
using command_publisher::LoadProgress;
using testing::HasSubstr;
using testing::StartsWith;

TEST(LoadOptions, SkewIsAnExponentOrAShareOnSomeAccounts) {
  EXPECT_EQ(parse_skew("1.1")->zipf_exponent, 1.1);
  EXPECT_EQ(parse_skew("50%:10")->hot_share, 0.5);
  EXPECT_EQ(parse_skew("50%:10")->hot_accounts, 10);
  EXPECT_FALSE(parse_skew("50%"));
  EXPECT_FALSE(parse_skew("50%:0"));
  EXPECT_FALSE(parse_skew("much"));
}

TEST(LoadOptions, BecomeShapeAndPlan) {
  LoadOptions options;
  options.rate = "5k/s";
  options.count = "1M";
  options.duplicates = "2%";
  options.no_open = true;
  options.json = true;
  options.seed = 9;
  EXPECT_EQ(plan_of(options).per_second, 5000);
  EXPECT_EQ(plan_of(options).count, 1'000'000U);
  EXPECT_EQ(shape_of(options).duplicates, 0.02);
  EXPECT_FALSE(shape_of(options).open_accounts);
  EXPECT_EQ(shape_of(options).encoding, codec::Encoding::json);
  EXPECT_EQ(shape_of(options).seed, 9U);
}

TEST(LoadOptions, WrongOnesSayWhatWasExpected) {
  LoadOptions options;
  options.garbage = "plenty";
  try {
    static_cast<void>(shape_of(options));
    FAIL();
  } catch (const Complaint& complaint) {
    EXPECT_EQ(complaint.code(), ExitCode::usage);
    EXPECT_STREQ(complaint.what(),
                 "pawl load: expected --garbage to be a percentage from 0 to 100, got: plenty");
  }
}

LoadProgress half_way() {
  LoadProgress progress{.commands = 500, .elapsed = 2s};
  progress.sent.by_kind[static_cast<std::size_t>(Kind::transfer)] = 490;
  progress.sent.by_kind[static_cast<std::size_t>(Kind::garbage)] = 10;
  return progress;
}

TEST(LoadReport, ShowsABarWhereAnEndIsKnown) {
  EXPECT_EQ(progress_line(half_way(), {.count = 1000}, 60),
            "[############.............]  50%  500 records  250/s  2.0 s");
  EXPECT_EQ(progress_line(half_way(), {}, 60), "500 records  250/s  2.0 s");
  EXPECT_THAT(progress_line(half_way(), {.duration = 4s}, 30), StartsWith(" 50%  500"));
}

TEST(LoadReport, SummaryTellsWhatWasNotAcknowledged) {
  LoadSummary summary{
      .sent = half_way(), .acknowledged = 500, .failed = 0, .seed = 3, .topic = "t"};
  EXPECT_EQ(
      summary_text(summary),
      "sent 500 records to t in 2.0 s (250/s), all acknowledged; seed 3\ntransfer 490, garbage 10");
  summary.acknowledged = 400;
  summary.failed = 100;
  EXPECT_THAT(summary_text(summary), HasSubstr("400 acknowledged, 100 failed"));
  EXPECT_THAT(summary_json(summary), HasSubstr("\"garbage\": 10"));
}

}  // namespace
}  // namespace pawl::cli
