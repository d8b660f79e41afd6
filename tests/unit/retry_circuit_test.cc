#include <gmock/gmock.h>

#include <stdexcept>

#include "pawl/retry/dependency.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class TestClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override { return SteadyTime{} + passed_; }
  [[nodiscard]] WallTime wall() const override { return WallTime{passed_}; }
  void pass(std::chrono::milliseconds time) { passed_ += time; }

 private:
  std::chrono::milliseconds passed_{1h};
};

class CircuitTest : public testing::Test {
 protected:
  void call(bool succeeds) {
    DependencyTrouble trouble;
    Dependency bank("bank", circuits_, trouble);
    bank.call([&] {
      ++calls_;
      if (!succeeds) throw std::runtime_error("no answer");
    });
  }
  void succeed() { call(true); }
  void fail(int times = 1) {
    for (int i = 0; i < times; ++i) EXPECT_THROW(call(false), std::runtime_error);
  }
  [[nodiscard]] bool spared() {
    try {
      succeed();
      return false;
    } catch (const DependencyDown&) {
      return true;
    }
  }

  TestClock clock_;
  std::vector<std::string> told_;
  Circuits circuits_{
      {.settings = {.failures_max = 3, .window = 10, .failure_percent = 50, .probing = {1s, 8s}},
       .clock = clock_,
       .seed = 1,
       .on_change = [this](const CircuitView& view) {
         told_.push_back(view.dependency + (view.open ? " open" : " closed"));
       }}};
  int calls_ = 0;
};

TEST_F(CircuitTest, LetsCallsThroughAndReturnsTheirResult) {
  DependencyTrouble trouble;
  EXPECT_EQ(Dependency("bank", circuits_, trouble).call([] { return 42; }), 42);
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_FALSE(trouble.thrown);
}

TEST_F(CircuitTest, OpensAfterFailuresInARow) {
  fail(2);
  succeed();
  fail(2);
  EXPECT_FALSE(spared());
  fail(3);
  EXPECT_TRUE(spared());
  EXPECT_THAT(told_, ElementsAre("bank open"));
}

TEST_F(CircuitTest, OpensByTheShareOfFailures) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(spared()) << i;
    fail();
  }
  EXPECT_TRUE(spared());
}

TEST_F(CircuitTest, IsNotCalledBeforeTheProbeAndThenOnce) {
  fail(3);
  clock_.pass(499ms);  // half of the wait is certain
  EXPECT_TRUE(spared());
  clock_.pass(502ms);
  calls_ = 0;
  fail();
  EXPECT_EQ(calls_, 1);
  EXPECT_TRUE(spared());
}

TEST_F(CircuitTest, WaitsGrowUpToTheirLimit) {
  fail(3);
  for (const auto wait : {1'000ms, 2'000ms, 4'000ms, 8'000ms, 8'000ms}) {
    clock_.pass(wait / 2 - 1ms);
    EXPECT_TRUE(spared());
    clock_.pass(wait / 2 + 2ms);
    fail();
  }
}

TEST_F(CircuitTest, AProbeThatSucceedsClosesIt) {
  fail(3);
  clock_.pass(1'001ms);
  succeed();
  fail(2);
  EXPECT_FALSE(spared());
  EXPECT_THAT(told_, ElementsAre("bank open", "bank closed"));
}

TEST_F(CircuitTest, OnlyOneProbeAtATime) {
  Circuit circuit("bank", {.failures_max = 1, .probing = {1s, 1s}}, 1);
  EXPECT_EQ(circuit.failed("no answer", clock_.now(), clock_.wall()), Circuit::Change::opened);
  clock_.pass(1'001ms);
  EXPECT_FALSE(circuit.admit(clock_.now()));
  EXPECT_EQ(circuit.admit(clock_.now()), clock_.now() + 100ms);
}

TEST_F(CircuitTest, ACallThatWasUnderWayWhenItOpenedChangesNothing) {
  Circuit circuit("bank", {.failures_max = 1, .probing = {1s, 1s}}, 1);
  EXPECT_FALSE(circuit.admit(clock_.now()));
  EXPECT_FALSE(circuit.admit(clock_.now()));
  EXPECT_EQ(circuit.failed("no answer", clock_.now(), clock_.wall()), Circuit::Change::opened);
  EXPECT_EQ(circuit.succeeded(), Circuit::Change::none);
  EXPECT_TRUE(circuit.view().open);
}

TEST_F(CircuitTest, SaysWhatWentWrongSinceWhen) {
  fail(3);
  clock_.pass(10s);
  const std::vector<CircuitView> views = circuits_.view();
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].what, "no answer");
  EXPECT_EQ(views[0].since, WallTime{1h});
}

TEST_F(CircuitTest, TellsWhoseExceptionItWas) {
  DependencyTrouble trouble;
  Dependency bank("bank", circuits_, trouble);
  try {
    bank.call([] { throw 42; });
    FAIL();
  } catch (int) {
    EXPECT_EQ(trouble.thrown, std::current_exception());
    EXPECT_EQ(trouble.dependency, "bank");
    EXPECT_TRUE(trouble.called);
    EXPECT_FALSE(trouble.open_until);
  }
}

TEST_F(CircuitTest, NamesMustNotComeFromData) {
  for (std::size_t i = 0; i < Circuits::kCircuitsMax; ++i)
    static_cast<void>(circuits_.of(std::to_string(i)));
  EXPECT_THROW(static_cast<void>(circuits_.of("one more")), std::logic_error);
}

}  // namespace
}  // namespace pawl
