// `pawl migrate`, as people and scripts use it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "crash/programs.h"
#include "support/database.h"
#include "support/eventually.h"
#include "support/process.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class MigrateProgramTest : public testing::Test {
 protected:
  MigrateProgramTest() : url_(shared_postgres().create_database(next_name())) {}

  static std::string next_name() {
    static std::atomic<int> count{0};
    return "migrate_" + std::to_string(++count);
  }
  [[nodiscard]] ProcessSettings migrate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {pawl_program(), "migrate"});
    return {.command = std::move(arguments), .environment = {{"DATABASE_URL", url_}}};
  }
  [[nodiscard]] Finished done(std::vector<std::string> arguments) const {
    return run(migrate(std::move(arguments)));
  }
  void sql(const std::string& statement) {
    postgres::Connection{{.url = url_, .application_name = "test", .session = {}}}.execute(
        {"", statement});
  }
  std::string url_;
};

TEST_F(MigrateProgramTest, UpDownUp) {
  EXPECT_EQ(done({"status"}).exit_code, 1);
  const Finished up = done({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.errors;
  EXPECT_THAT(up.output, HasSubstr("applied 0001_"));
  EXPECT_EQ(done({"status"}).exit_code, 0);
  EXPECT_THAT(done({"up"}).output, HasSubstr("up to date"));
  const Finished down = done({"down", "--to", "0"});
  EXPECT_EQ(down.exit_code, 0) << down.errors;
  EXPECT_EQ(done({"status"}).exit_code, 1);
  EXPECT_EQ(done({"up"}).exit_code, 0);
  EXPECT_EQ(done({"status"}).exit_code, 0);
}

TEST_F(MigrateProgramTest, DownNeedsToKnowHowFar) {
  EXPECT_EQ(done({"down"}).exit_code, 64);
}

TEST_F(MigrateProgramTest, AChangedStepIsRefused) {
  ASSERT_EQ(done({"up"}).exit_code, 0);
  sql("UPDATE pawl.schema_migration SET sha256 = repeat('0', 64) WHERE version = 1");
  const Finished refused = done({"up"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("0001"));
  const Finished status = done({"status"});
  EXPECT_EQ(status.exit_code, 1);
  EXPECT_THAT(status.output, HasSubstr("DIFFERS"));
}

TEST_F(MigrateProgramTest, ASecondOneWaitsAndSaysForWhom) {
  postgres::Connection first{{.url = url_, .application_name = "the first migrate", .session = {}}};
  first.execute({"", "SELECT pg_advisory_lock(8097884912564660082)"});
  Process second{migrate({"up"})};
  ASSERT_TRUE(eventually("it says for whom it waits", [&] {
    return second.errors().find("the first migrate") != std::string::npos;
  })) << second.describe();
  EXPECT_THAT(second.errors(),
              AllOf(HasSubstr("waiting"), HasSubstr("pid " + std::to_string(first.backend_pid()))));
  EXPECT_TRUE(second.running());
  first.execute({"", "SELECT pg_advisory_unlock(8097884912564660082)"});
  EXPECT_EQ(second.wait(), 0) << second.describe();
  EXPECT_EQ(done({"status"}).exit_code, 0);
}

TEST_F(MigrateProgramTest, TwoAtOnceApplyEachStepOnce) {
  Process one{migrate({"up"})};
  Process two{migrate({"up"})};
  EXPECT_EQ(one.wait(), 0) << one.describe();
  EXPECT_EQ(two.wait(), 0) << two.describe();
  EXPECT_EQ(done({"status"}).exit_code, 0);
}

TEST_F(MigrateProgramTest, ADatabaseThatIsAwayMeansTryAgain) {
  const Finished away =
      run({.command = {
               pawl_program(), "migrate", "status", "--database", "postgresql://x@127.0.0.1:1/x"}});
  EXPECT_EQ(away.exit_code, 75) << away.errors;
}

// For people who apply SQL by other means: afterwards the programs must know that it was done.
TEST_F(MigrateProgramTest, PrintedStepsMayBeAppliedByOtherMeans) {
  const Finished printed = run({.command = {pawl_program(), "migrate", "print"}});
  ASSERT_EQ(printed.exit_code, 0);
  const Finished applied =
      run({.command = {"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url_},
           .environment = {},
           .input = printed.output});
  EXPECT_EQ(applied.exit_code, 0) << applied.errors;
  const Finished status = done({"status"});
  EXPECT_EQ(status.exit_code, 0) << status.output;
  EXPECT_THAT(done({"up"}).output, HasSubstr("up to date"));
}

}  // namespace
}  // namespace pawl::test
