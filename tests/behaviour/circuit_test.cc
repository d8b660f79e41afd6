// What a handler calls is down: nothing is burnt, one command tries, the others go on.
#include "behaviour/handlers_fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class Circuit : public Handlers {
 protected:
  void SetUp() override {
    // Few attempts: a counted one would soon be the last.
    retry_with({.attempts_max = 4, .immediate = 3, .backoff = {1s, 1s}, .age_max = 1h});
    moods().bank = [this] {
      ++calls_;
      if (down_) throw std::runtime_error("the bank does not answer");
    };
    start();
    open_accounts(3);
  }
  void ask_bank(int n, std::int64_t account, int partition = 0) {
    deliver(close(n, account, "bank"), partition);
  }
  void go_down() { down_ = true; }
  void come_back() { down_ = false; }
  void pass_and_run(std::chrono::milliseconds time) {
    pass(time);
    run();
  }
  int calls_ = 0;
  bool down_ = false;
};

TEST_P(Circuit, NothingIsBurntHoweverLongItLasts) {
  go_down();
  for (int n = 1; n <= 12; ++n) ask_bank(n, 1 + n % 3, n % 3);
  run();
  for (int hour = 0; hour < 30; ++hour) pass_and_run(1h);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
  come_back();
  for (int i = 0; i < 20; ++i) pass_and_run(30s);
  EXPECT_TRUE(drained());
  EXPECT_THAT(world().dead_letters(), IsEmpty());
  EXPECT_THAT(worker().circuits(), SizeIs(1));
  EXPECT_FALSE(worker().circuits()[0].open);
}

TEST_P(Circuit, ItIsAskedByOneCommandAtATime) {
  go_down();
  for (int n = 1; n <= 12; ++n) ask_bank(n, 1 + n % 3, n % 3);
  run();
  ASSERT_TRUE(worker().circuits().at(0).open);
  for (int i = 0; i < 10; ++i) {
    calls_ = 0;
    pass_and_run(30s);
    EXPECT_EQ(calls_, 1);
  }
  come_back();
  for (int i = 0; i < 20; ++i) pass_and_run(30s);
  EXPECT_TRUE(drained());
}

TEST_P(Circuit, LanesThatDoNotNeedItGoOn) {
  go_down();
  ask_bank(1, 1);
  run();
  ASSERT_TRUE(worker().circuits().at(0).open);
  ask_bank(2, 2);  // is spared, and its lane waits
  deliver(transfer(3, 3, 2, 1));
  deliver(transfer(4, 2, 3, 5), 1);
  run();
  EXPECT_EQ(ending(2), std::nullopt);
  EXPECT_EQ(ending(3), std::nullopt);
  EXPECT_EQ(ending(4), Ending::completed);
  come_back();
  for (int i = 0; i < 20; ++i) pass_and_run(30s);
  EXPECT_TRUE(drained());
}

TEST_P(Circuit, ABadCommandIsNotTheProbeForEver) {
  moods().bank = [this] {
    ++calls_;
    if (moods().decided.back() == id(1)) throw std::runtime_error("the bank chokes on this one");
  };
  ask_bank(1, 1);
  run();
  ASSERT_TRUE(worker().circuits().at(0).open);
  for (int n = 2; n <= 4; ++n) ask_bank(n, 2);
  for (int i = 0; i < 10; ++i) pass_and_run(30s);
  for (int n = 2; n <= 4; ++n) EXPECT_NE(ending(n), std::nullopt) << n;
}

TEST_P(Circuit, AFailureBelowTheLimitIsAnAttempt) {
  moods().bank = [this] {
    if (++calls_ == 1) throw std::runtime_error("the bank hiccups");
  };
  ask_bank(1, 1);
  run_through_retries();
  EXPECT_EQ(calls_, 2);
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(worker().metric("pawl_retries_total"), 1);
}

TEST_P(Circuit, ACallIsNotRepeatedForAnothersFailure) {
  ask_bank(1, 1);
  deliver(close(2, 2, "throw"));
  ask_bank(3, 3);
  run_through_retries();
  EXPECT_EQ(calls_, 2);
}

PAWL_ON_POSTGRES(Circuit);

}  // namespace
}  // namespace pawl::test
