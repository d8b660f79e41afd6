// What the ledger says when it cannot start, and that it starts when told to mend it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"
#include "support/ports.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class StartTest : public testing::Test {
 protected:
  [[nodiscard]] Finished start(std::map<std::string, std::string> environment) const {
    return run({.command = {ledger_program(), "--config", world_.config_file()},
                .environment = std::move(environment)});
  }
  World world_;
};

TEST_F(StartTest, MissingTopicsAreNamedWithWhatToRun) {
  const std::string commands = unique_name("no-commands");
  const Finished refused = start(
      {{"PAWL_CONSUMER__COMMANDS_TOPIC", commands}, {"PAWL_CONSUMER__EVENTS_TOPIC", "no-events"}});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr(commands), HasSubstr("no-events"), HasSubstr("pawl topics create")));
}

TEST_F(StartTest, CreatedTopicsAreEnough) {
  const std::string domain = unique_name("made");
  const std::map<std::string, std::string> environment{
      {"PAWL_CONSUMER__COMMANDS_TOPIC", domain + ".commands"},
      {"PAWL_CONSUMER__EVENTS_TOPIC", domain + ".events"},
      {"PAWL_CONSUMER__DEAD_LETTER_TOPIC", domain + ".dead"}};
  const std::vector<std::string> create{
      pawl_program(), "topics", "create", "--config", world_.config_file(), "--partitions", "2"};
  const Finished created = run({.command = create, .environment = environment});
  EXPECT_EQ(created.exit_code, 0) << created.errors;
  EXPECT_THAT(created.output, AllOf(HasSubstr(domain + ".commands"), HasSubstr("created")));
  EXPECT_THAT(run({.command = create, .environment = environment}).output, HasSubstr("exists"));
  const auto ledger = world_.start_ledger(environment);
  ASSERT_TRUE(eventually("it has its lanes", [&] {
    return ledger->errors().find("lanes taken") != std::string::npos;
  })) << ledger->describe();
  const Finished sent = run({.command = {pawl_program(),
                                         "send",
                                         "--config",
                                         world_.config_file(),
                                         "ledger.v1.OpenAccount",
                                         R"({"account_id": 1, "currency": "EUR"})"},
                             .environment = environment});
  EXPECT_EQ(sent.exit_code, 0) << sent.errors;
  EXPECT_TRUE(eventually("it was handled", [&] { return world_.received() == 1; }))
      << ledger->describe();
}

TEST_F(StartTest, ADatabaseThatIsNotMigratedIsRefusedUntilItIs) {
  const std::string url = shared_postgres().create_database("not_migrated");
  const Finished refused = start({{"DATABASE_URL", url}, {"PAWL_DATABASE__URL", url}});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr("pawl migrate up"), HasSubstr("database.migrate_at_start")));
  const auto ledger = world_.start_ledger(
      {{"PAWL_DATABASE__URL", url}, {"PAWL_DATABASE__MIGRATE_AT_START", "true"}});
  ASSERT_TRUE(eventually("it has its lanes", [&] {
    return ledger->errors().find("lanes taken") != std::string::npos;
  })) << ledger->describe();
}

TEST_F(StartTest, APortThatIsTakenIsNamed) {
  const std::string listen = "127.0.0.1:" + std::to_string(free_port());
  const auto first = world_.start_ledger({{"PAWL_ADMIN__LISTEN", listen}});
  ASSERT_TRUE(eventually("it runs", [&] {
    return first->errors().find("\"running\"") != std::string::npos;
  })) << first->describe();
  const Finished second = start({{"PAWL_ADMIN__LISTEN", listen}});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.errors, HasSubstr(listen));
}

TEST_F(StartTest, AWindowShorterThanTheTopicsRetentionIsRefused) {
  const Finished refused = start({{"PAWL_INBOX__DEDUPE_WINDOW", "25h"}});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr("inbox.dedupe_window"), HasSubstr("168 h"), HasSubstr("25 h")));
}

}  // namespace
}  // namespace pawl::test
