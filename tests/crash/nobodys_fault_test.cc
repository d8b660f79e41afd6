// Locks, deadlocks and serialization failures: they are no command's fault, so nothing is counted
// against any, and nothing is given up.
#include <gtest/gtest.h>

#include "crash/ledger_process.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

class NobodysFaultTest : public testing::Test {
 protected:
  void start() {
    world_.produce(0);
    ledger_ = world_.start_ledger();
    ASSERT_TRUE(world_.drains()) << ledger_->describe();
  }
  /// In a transaction that stays open, changes an account that every batch needs.
  static void hold_a_row(postgres::Connection& holder) {
    holder.execute({"", "BEGIN"});
    holder.execute({"", "UPDATE ledger.account SET balance = balance WHERE account_id = 1"});
  }
  void expect_goes_on() {
    ASSERT_TRUE(world_.drains(15s)) << ledger_->describe();
    EXPECT_TRUE(ledger_->running());
    EXPECT_EQ(metric(*ledger_, "pawl_retries_total"), 0);
    EXPECT_TRUE(world_.holds_and_gave_nothing_up());
  }

  World world_{{.in_flight = 2}};
  std::unique_ptr<Process> ledger_;
};

TEST_F(NobodysFaultTest, ALockedRowIsWaitedForAndAskedForAgain) {
  start();
  {
    postgres::Connection holder = world_.database().connect("holder");
    hold_a_row(holder);
    world_.produce(3'000);
    ASSERT_TRUE(eventually("its lock timeout has come twice", [&] {
      return times_said(*ledger_, "55P03") >= 2;
    })) << ledger_->describe();
    EXPECT_LT(world_.received(), static_cast<std::int64_t>(world_.produced()));
    EXPECT_TRUE(is_alive(*ledger_));
  }  // its connection ends, and with it the transaction
  expect_goes_on();
}

TEST_F(NobodysFaultTest, AnIdleTransactionHoldsThemUntilItsOwnTimeout) {
  start();
  postgres::Connection holder = world_.database().connect("holder");
  holder.execute({"", "SET idle_in_transaction_session_timeout = '3s'"});
  hold_a_row(holder);
  world_.produce(3'000);
  expect_goes_on();
  EXPECT_GE(times_said(*ledger_, "55P03"), 1U) << ledger_->describe();
}

// By triggers, so that the server says what it says of itself.
class StumblingServerTest : public NobodysFaultTest {
 protected:
  void stumble(const std::string& trigger) {
    world_.database().execute("CREATE SEQUENCE public.turn");
    world_.database().execute(R"(
CREATE FUNCTION public.stumble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE nextval('public.turn') % 11
    WHEN 3 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001';
    WHEN 7 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40P01';
    ELSE NULL;
  END CASE;
  RETURN NULL;
END $$)");
    world_.database().execute(trigger);
  }
  void expect_stumbled() {
    world_.produce(10'000);
    expect_goes_on();
    EXPECT_GE(times_said(*ledger_, "40001"), 3U) << ledger_->describe();
    EXPECT_GE(times_said(*ledger_, "40P01"), 3U) << ledger_->describe();
  }
};

TEST_F(StumblingServerTest, AStatementIsAVictimOfADeadlockOrASerialization) {
  start();
  stumble(
      "CREATE TRIGGER stumble AFTER UPDATE ON ledger.account "
      "FOR EACH STATEMENT EXECUTE FUNCTION public.stumble()");
  expect_stumbled();
}

TEST_F(StumblingServerTest, ACommitIsOne) {
  start();
  stumble(
      "CREATE CONSTRAINT TRIGGER stumble AFTER UPDATE ON pawl.consumer_position "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.commits > OLD.commits) "
      "EXECUTE FUNCTION public.stumble()");
  expect_stumbled();
}

}  // namespace
}  // namespace pawl::test
