// Faults are told all at once, before anything starts; secrets are never told.
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

constexpr int kWrongConfiguration = 78;

class ConfigProgramsTest : public testing::Test {
 protected:
  std::string file(const std::string& text) {
    const auto path = folder_.path() / "pawl.toml";
    write_file(path, text);
    return path;
  }
  static Finished ledger(std::vector<std::string> arguments,
                         std::map<std::string, std::string> environment = {}) {
    arguments.insert(arguments.begin(), ledger_program());
    return run({.command = std::move(arguments), .environment = std::move(environment)});
  }
  TemporaryFolder folder_{"config"};
};

constexpr const char* kFaulty = R"([kafka]
brokers = "localhost:9092x"
[batch]
max_comands = 5
[engine]
in_flight = 9
[consumer.plain]
type = "ledger.v1.OpenAccount"
)";

TEST_F(ConfigProgramsTest, AllFaultsAtOnceWithTheNearestKey) {
  const Finished checked =
      ledger({"--check-config", "--config", file(kFaulty)}, {{"PAWL_LOG__LEVEL", "loud"}});
  EXPECT_EQ(checked.exit_code, kWrongConfiguration);
  EXPECT_THAT(
      checked.errors,
      AllOf(
          HasSubstr("kafka.brokers = \"localhost:9092x\""),
          HasSubstr("pawl.toml:4: unknown setting batch.max_comands; expected batch.max_commands"),
          HasSubstr("engine.in_flight = 9"),
          HasSubstr("PAWL_LOG__LEVEL"),
          HasSubstr("consumer.plain.id")));
}

constexpr const char* kUnknownType = R"([kafka]
brokers = "localhost:9092"
[database]
url = "postgresql://localhost/pawl"
[on_failure]
"ledger.v1.CloseMnth" = "block_lane"
)";

TEST_F(ConfigProgramsTest, AConsumerKnowsItsCommandTypes) {
  const Finished started = ledger({"--config", file(kUnknownType)});
  EXPECT_EQ(started.exit_code, kWrongConfiguration);
  EXPECT_THAT(
      started.errors,
      HasSubstr("pawl.toml:6: on_failure names ledger.v1.CloseMnth, which this program does "
                "not handle; expected ledger.v1.CloseMonth"));
  const Finished relay =
      run({.command = {relay_program(), "--check-config", "--config", file(kUnknownType)}});
  EXPECT_EQ(relay.exit_code, 0) << relay.errors;
}

TEST_F(ConfigProgramsTest, NothingStartsWithAFault) {
  const Finished started = ledger({"--config", file(kFaulty)});
  EXPECT_EQ(started.exit_code, kWrongConfiguration);
  EXPECT_THAT(started.errors, HasSubstr("batch.max_commands"));
}

TEST_F(ConfigProgramsTest, TheRelayAndTheCommandLineRefuseItToo) {
  const std::string path = file(kFaulty);
  EXPECT_EQ(run({.command = {relay_program(), "--check-config", "--config", path}}).exit_code,
            kWrongConfiguration);
  const Finished topics = run({.command = {pawl_program(), "topics", "create", "--config", path}});
  EXPECT_EQ(topics.exit_code, kWrongConfiguration);
  EXPECT_THAT(topics.errors, HasSubstr("batch.max_commands"));
}

TEST_F(ConfigProgramsTest, AFileThatIsNotThereIsNamed) {
  const Finished checked = ledger({"--check-config", "--config", "no-such-file.toml"});
  EXPECT_EQ(checked.exit_code, kWrongConfiguration);
  EXPECT_THAT(checked.errors, HasSubstr("no-such-file.toml"));
}

constexpr const char* kSecret = "hunter2";
constexpr const char* kGood = R"([kafka]
brokers = "localhost:9092"
[kafka.properties]
"sasl.password" = "hunter2"
[database]
url = "postgresql://pawl:hunter2@localhost/pawl"
)";

TEST_F(ConfigProgramsTest, AGoodOneIsFine) {
  const Finished checked = ledger({"--check-config", "--config", file(kGood)});
  EXPECT_EQ(checked.exit_code, 0) << checked.errors;
  EXPECT_THAT(checked.output + checked.errors, Not(HasSubstr(kSecret)));
}

TEST_F(ConfigProgramsTest, PrintedSecretsAreStars) {
  const Finished printed =
      ledger({"--print-config", "--config", file(kGood)}, {{"PAWL_BATCH__MAX_COMMANDS", "77"}});
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(
      printed.output,
      AllOf(
          HasSubstr("***"), HasSubstr("77"), HasSubstr("localhost:9092"), Not(HasSubstr(kSecret))));
}

// What is printed can be used again, once the stars are filled in.
TEST_F(ConfigProgramsTest, ThePrintedConfigurationIsAConfiguration) {
  const Finished printed = ledger({"--print-config", "--config", file(kGood)});
  std::string filled_in = printed.output;
  for (const char* secret : {"postgresql://localhost/pawl", "hunter2"}) {
    const bool url = std::string_view(secret).starts_with("postgresql");
    const auto stars =
        filled_in.find("\"***\"", filled_in.find(url ? "\nurl = " : "\n\"sasl.password\" = "));
    ASSERT_NE(stars, std::string::npos) << filled_in;
    filled_in.replace(stars + 1, 3, secret);
  }
  write_file(folder_.path() / "printed.toml", filled_in);
  const Finished checked = ledger({"--check-config", "--config", folder_.path() / "printed.toml"});
  EXPECT_EQ(checked.exit_code, 0) << checked.errors << printed.output;
}

TEST_F(ConfigProgramsTest, ASecretMayStandInAFile) {
  write_file(folder_.path() / "url", "postgresql://pawl:hunter2@filehost/pawl\n");
  const Finished printed = ledger(
      {"--print-config"},
      {{"PAWL_KAFKA__BROKERS", "localhost:9092"}, {"DATABASE_URL_FILE", folder_.path() / "url"}});
  EXPECT_EQ(printed.exit_code, 0) << printed.errors;
  EXPECT_THAT(printed.output,
              AllOf(HasSubstr("DATABASE_URL_FILE"), HasSubstr("***"), Not(HasSubstr(kSecret))));
}

}  // namespace
}  // namespace pawl::test
