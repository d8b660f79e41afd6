// `pawl reconcile` believes no counter: whoever cooks the books is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "crash/programs.h"
#include "crash/world.h"

namespace pawl::test {
namespace {

class ReconcileTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<World>();
    world_->produce(1'000);
    const auto ledger = world_->start_ledger();
    ASSERT_TRUE(world_->drains()) << ledger->describe();
  }
  static void TearDownTestSuite() { world_.reset(); }

  static Finished reconcile() {
    return run({.command = {pawl_program(),
                            "reconcile",
                            "--config",
                            world_->config_file(),
                            "--ledger",
                            "--drained"}});
  }
  /// Changes something, expects to be found out, changes it back.
  static void expect_found_out(const std::string& cook, const std::string& mend) {
    ASSERT_EQ(reconcile().exit_code, 0) << reconcile().output;
    ASSERT_GT(world_->database().execute(cook).affected(), 0);
    const Finished cooked = reconcile();
    EXPECT_EQ(cooked.exit_code, 1) << cooked.output << cooked.errors;
    world_->database().execute(mend);
    EXPECT_EQ(reconcile().exit_code, 0);
  }
  static std::unique_ptr<World> world_;
};

std::unique_ptr<World> ReconcileTest::world_;

TEST_F(ReconcileTest, MoneyFromNowhere) {
  expect_found_out("UPDATE ledger.account SET balance = balance + 1 WHERE account_id = 1",
                   "UPDATE ledger.account SET balance = balance - 1 WHERE account_id = 1");
}

TEST_F(ReconcileTest, MoneyMovedWithoutABooking) {
  expect_found_out(
      "UPDATE ledger.account SET balance = balance + (CASE account_id WHEN 1 THEN 1 ELSE -1 END) "
      "WHERE account_id IN (1, 2)",
      "UPDATE ledger.account SET balance = balance - (CASE account_id WHEN 1 THEN 1 ELSE -1 END) "
      "WHERE account_id IN (1, 2)");
}

TEST_F(ReconcileTest, ACounterThatLies) {
  expect_found_out(
      "UPDATE pawl.consumer_position SET completed = completed + 1 WHERE partition = 0",
      "UPDATE pawl.consumer_position SET completed = completed - 1 WHERE partition = 0");
}

TEST_F(ReconcileTest, ACommandCountedAsAnother) {
  expect_found_out(
      "UPDATE pawl.consumer_position SET completed = completed - 1, duplicate = duplicate + 1 "
      "WHERE partition = 0",
      "UPDATE pawl.consumer_position SET completed = completed + 1, duplicate = duplicate - 1 "
      "WHERE partition = 0");
}

TEST_F(ReconcileTest, ADeadLetterThatVanished) {
  expect_found_out(
      "WITH gone AS (DELETE FROM pawl.dead_letter WHERE id = (SELECT min(id::text)::uuid FROM "
      "pawl.dead_letter) RETURNING *) "
      "INSERT INTO pawl.audit (who, action, filter) SELECT 'test', 'dead', to_jsonb(gone) FROM "
      "gone",
      "INSERT INTO pawl.dead_letter SELECT (jsonb_populate_record(NULL::pawl.dead_letter, "
      "filter)).* FROM pawl.audit");
}

TEST_F(ReconcileTest, AnEventThatWaits) {
  expect_found_out("INSERT INTO pawl.outbox (topic, type) VALUES ('nowhere', 'test.Waiting')",
                   "DELETE FROM pawl.outbox WHERE type = 'test.Waiting'");
}

TEST_F(ReconcileTest, AnUnknownConsumerIsNamed) {
  const Finished unknown = run({.command = {pawl_program(),
                                            "reconcile",
                                            "--config",
                                            world_->config_file(),
                                            "--consumer",
                                            "nobody"}});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.errors, testing::HasSubstr("nobody"));
}

}  // namespace
}  // namespace pawl::test
