// What the programs say about themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/programs.h"
#include "support/process.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

Finished ask(std::vector<std::string> command) {
  return run({.command = std::move(command)});
}

class HelpTest : public testing::TestWithParam<std::string (*)()> {};

TEST_P(HelpTest, HelpGoesToStandardOutput) {
  const Finished help = ask({GetParam()(), "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.output, HasSubstr("--help"));
  EXPECT_EQ(help.errors, "");
}

TEST_P(HelpTest, AWrongOptionIsNamed) {
  std::vector<std::string> command{GetParam()(), "--confg", "x"};
  if (GetParam() == &pawl_program) command.insert(command.begin() + 1, "reconcile");
  const Finished wrong = ask(std::move(command));
  EXPECT_EQ(wrong.exit_code, 64);
  EXPECT_THAT(wrong.errors, HasSubstr("--confg"));
}

TEST_P(HelpTest, NoArgumentsAreTooFewAndNotACrash) {
  const Finished nothing = ask({GetParam()()});
  EXPECT_THAT(nothing.exit_code, testing::AnyOf(64, 78));
  EXPECT_NE(nothing.errors, "");
}

INSTANTIATE_TEST_SUITE_P(Programs,
                         HelpTest,
                         testing::Values(&pawl_program, &ledger_program, &relay_program));

TEST(CommandLineTest, HelpOfEverySubcommandHasExamples) {
  for (const char* name : {"demo",
                           "load",
                           "send",
                           "reconcile",
                           "status",
                           "pause",
                           "resume",
                           "skip",
                           "replay",
                           "dead",
                           "audit",
                           "explain"}) {
    const Finished help = ask({pawl_program(), name, "--help"});
    EXPECT_EQ(help.exit_code, 0) << name;
    EXPECT_THAT(help.output, HasSubstr("Examples:")) << name;
  }
}

TEST(CommandLineTest, VersionIsOneLineOrMore) {
  const Finished version = ask({pawl_program(), "version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.output, HasSubstr("librdkafka"));
}

}  // namespace
}  // namespace pawl::test
