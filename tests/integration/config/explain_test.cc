// `pawl explain` as it is called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/programs.h"
#include "support/files.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ExplainTest : public testing::Test {
 protected:
  Finished explain(std::vector<std::string> arguments,
                   std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> command{pawl_program(), "explain"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run({.command = std::move(command), .environment = std::move(environment)});
  }
  std::string file(const std::string& text) {
    const auto path = folder_.path() / "pawl.toml";
    write_file(path, text);
    return path;
  }
  TemporaryFolder folder_{"explain"};
};

TEST_F(ExplainTest, NeedsNeitherServersNorConfiguration) {
  const Finished explained = explain({"ledger.v1.TransferFunds", "handler"});
  EXPECT_EQ(explained.exit_code, 0) << explained.errors;
  EXPECT_THAT(explained.output,
              AllOf(HasSubstr("all as by default"), Not(HasSubstr("does not know the type"))));
}

TEST_F(ExplainTest, ReadsFileAndEnvironment) {
  const std::string path = file(R"([retry.database]
attempts_max = 3
[on_failure]
"shop.v1.Order" = "block_lane"
)");
  const Finished explained = explain({"shop.v1.Order", "23514", "--config", path},
                                     {{"PAWL_RETRY__DATABASE__IMMEDIATE", "0"}});
  EXPECT_EQ(explained.exit_code, 0) << explained.errors;
  EXPECT_THAT(explained.output,
              AllOf(HasSubstr("block_lane (" + path + ":4)"),
                    HasSubstr("immediate = 0 (environment PAWL_RETRY__DATABASE__IMMEDIATE), "
                              "attempts_max = 3 (" +
                              path + ":2)"),
                    HasSubstr("does not know the type")));
}

TEST_F(ExplainTest, TheLedgersOwnSqlIsItsCommandsFault) {
  const Finished handler = explain({"ledger.v1.CloseMonth", "42P01", "--json"});
  EXPECT_THAT(handler.output, HasSubstr(R"("course": "retried")"));
  const Finished decider = explain({"ledger.v1.OpenAccount", "42P01", "--json"});
  EXPECT_THAT(decider.output, HasSubstr(R"("course": "paused")"));
}

TEST_F(ExplainTest, WrongWordsAndOldSettingsAreSaid) {
  const Finished word = explain({"ledger.v1.OpenAccount", "boom"});
  EXPECT_EQ(word.exit_code, 64);
  EXPECT_THAT(word.errors, AllOf(HasSubstr("\"boom\""), HasSubstr("undecodable")));
  const Finished old =
      explain({"ledger.v1.OpenAccount", "handler"}, {{"PAWL_RETRY__DELAY_MAX", "10s"}});
  EXPECT_EQ(old.exit_code, 78);
  EXPECT_THAT(old.errors, HasSubstr("PAWL_RETRY__HANDLER__DELAY_MAX"));
}

}  // namespace
}  // namespace pawl::test
