// Open circuits on their way to `pawl status`.
#include "pawl/consumer/circuit_teller.h"

#include "integration/run_control/fixture.h"
#include "pawl/consumer/parts.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class CircuitTellerTest : public RunControlTest {
 protected:
  CircuitTellerTest() { circuits_.of("quiet"); }
  Json open() { return json({"status", "ledger"})["consumers"][0]["open_circuits"]; }
  void fail() {
    static_cast<void>(circuits_.of("bank").failed("no answer", clock_.now(), clock_.wall()));
  }

  SystemClock clock_;
  Circuits circuits_{
      {.settings = {.failures_max = 1,
                    .probing = {std::chrono::milliseconds{1}, std::chrono::milliseconds{1}}},
       .clock = clock_,
       .seed = 1}};
  CircuitTeller teller_{circuits_, database_.url(), "ledger"};
};

TEST_F(CircuitTellerTest, StatusShowsThemWhileTheyAreOpen) {
  teller_.turn();
  EXPECT_TRUE(open().empty());
  fail();
  teller_.turn();
  teller_.turn();
  const Json told = open();
  ASSERT_EQ(told.size(), 1);
  EXPECT_EQ(told[0]["dependency"], "bank");
  EXPECT_EQ(told[0]["process"], process_name());
  EXPECT_EQ(told[0]["what"], "no answer");
  Circuit& bank = circuits_.of("bank");
  while (bank.admit(clock_.now())) std::this_thread::yield();
  EXPECT_EQ(bank.succeeded(), Circuit::Change::closed);
  teller_.turn();
  EXPECT_TRUE(open().empty());
}

TEST_F(CircuitTellerTest, WhatAProcessThatDiedHasToldIsNotShown) {
  fail();
  teller_.turn();
  database_.execute("UPDATE pawl.open_circuit SET seen_at = now() - interval '31 s'");
  EXPECT_TRUE(open().empty());
}

TEST_F(CircuitTellerTest, ADatabaseThatIsAwayIsNoTrouble) {
  CircuitTeller lost{circuits_, "postgresql://127.0.0.1:1/nowhere", "ledger"};
  fail();
  lost.turn();
  EXPECT_TRUE(open().empty());
}

}  // namespace
}  // namespace pawl::test
