// Handlers that end their process, or never come back, in real programs on a real broker: the third
// time under a mark is the last.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crash/moody_world.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr int kCrashed = 128 + 11;
constexpr int kBroken = 70;
constexpr int kLivesMax = 4;  // one without a mark, and three under one

class CrashSuspectsTest : public testing::Test {
 protected:
  // What a supervisor does, until a process gets through.
  std::unique_ptr<Process> supervise(const std::map<std::string, std::string>& environment,
                                     int exit_code) {
    for (lives_ = 0; lives_ <= kLivesMax; ++lives_) {
      auto process = world_.start_moody(environment);
      const bool through = eventually(
          "it gets through or ends",
          [&] { return !process->running() || world_.unfinished().empty(); },
          60s);
      if (through && process->running()) return process;
      EXPECT_EQ(process->wait(1s), exit_code) << process->describe();
      last_words_ = process->errors();
    }
    ADD_FAILURE() << "nobody survived; the last one said " << last_words_;
    return nullptr;
  }
  [[nodiscard]] std::string letters() {
    const auto row = world_.database().execute(
        "SELECT coalesce(string_agg(class || ' ' || attempts, ', '), '') FROM pawl.dead_letter");
    return std::string(row.text(0, 0));
  }
  void transfers(int count) {
    for (int i = 0; i < count; ++i) world_.transfer("fine", std::to_string(1 + i % 3));
  }

  MoodyWorld world_{{.partitions = 2, .member = "pod-0"}};
  int lives_ = 0;
  std::string last_words_;
};

TEST_F(CrashSuspectsTest, ACommandThatCrashesItsProcess) {
  transfers(40);
  world_.transfer("crash");
  transfers(40);
  const auto survivor = supervise({}, kCrashed);
  ASSERT_TRUE(survivor);
  EXPECT_EQ(lives_, kLivesMax);
  EXPECT_EQ(letters(), "crashed 3");
  EXPECT_THAT(last_words_, HasSubstr(R"("message":"the process crashes","signal":"SEGV")"));
  EXPECT_THAT(last_words_, HasSubstr(R"("command_type":"ledger.v1.TransferFunds")"));
  EXPECT_THAT(last_words_, HasSubstr("moody_ledger_main.cc:"));
  transfers(10);
  ASSERT_TRUE(world_.drains()) << survivor->describe();
  EXPECT_TRUE(world_.holds());
}

TEST_F(CrashSuspectsTest, ACommandWhoseHandlerHangs) {
  transfers(10);
  world_.transfer("hang");
  transfers(10);
  const auto survivor = supervise({{"PAWL_WORKER__HANDLER_DEADLINE", "500ms"}}, kBroken);
  ASSERT_TRUE(survivor);
  EXPECT_EQ(letters(), "crashed 3");
  EXPECT_TRUE(world_.holds());
}

TEST_F(CrashSuspectsTest, ACommandThatIsDueFromItsPark) {
  const std::map<std::string, std::string> impatient{{"PAWL_RETRY__HANDLER__IMMEDIATE", "0"},
                                                     {"PAWL_RETRY__HANDLER__DELAY_MIN", "200ms"},
                                                     {"PAWL_RETRY__HANDLER__DELAY_MAX", "200ms"}};
  auto environment = impatient;
  environment["MOOD"] = "throw";
  auto first = world_.start_moody(environment);
  world_.transfer("mood");
  transfers(10);
  ASSERT_TRUE(eventually("it is parked", [&] { return world_.all_received(); }))
      << first->describe();
  first->signal(SIGTERM);
  EXPECT_EQ(first->wait(20s), 0) << first->describe();
  environment["MOOD"] = "crash";
  const auto survivor = supervise(environment, kCrashed);
  ASSERT_TRUE(survivor);
  EXPECT_THAT(letters(), HasSubstr("crashed"));
  EXPECT_EQ(lives_, 3);  // its mark is always there
  EXPECT_TRUE(world_.holds());
}

}  // namespace
}  // namespace pawl::test
