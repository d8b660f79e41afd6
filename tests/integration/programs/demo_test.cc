// `pawl demo` needs nothing and leaves nothing behind, also when it is interrupted twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "crash/programs.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace pawl::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class DemoTest : public testing::Test {
 protected:
  DemoTest() {
    fs::permissions(
        folder_.path(), fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
  }

  [[nodiscard]] Process demo(const char* seconds) const {
    return Process{
        {.command =
             {pawl_program(), "demo", "--seconds", seconds, "--rate", "1000", "--accounts", "100"},
         .environment = {{"TMPDIR", folder_.path()}}}};
  }
  /// Files in its temporary folder, and processes whose command line names it.
  [[nodiscard]] std::string left_behind() const {
    std::string left;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with("pawl-pg-"))
        left += entry.path().string() + " ";
    }
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc", gone)) {
      const std::string command = read_file(entry.path() / "cmdline");
      if (command.find(folder_.path().string()) != std::string::npos)
        left += entry.path().string() + " ";
    }
    return left;
  }
  static bool works(const Process& demo) {
    return demo.output().find("running") != std::string::npos;
  }
  TemporaryFolder folder_{"demo"};
};

TEST_F(DemoTest, ProvesItselfAndLeavesNothingBehind) {
  Process short_one = demo("2");
  EXPECT_EQ(short_one.wait(90s), 0) << short_one.describe();
  EXPECT_TRUE(eventually_without("nothing is left", [&] { return left_behind(); }))
      << short_one.describe();
}

TEST_F(DemoTest, CtrlCDrainsAndProves) {
  Process interrupted = demo("600");
  ASSERT_TRUE(eventually(
      "it works", [&] { return works(interrupted); }, 60s))
      << interrupted.describe();
  interrupted.signal(SIGINT);
  EXPECT_EQ(interrupted.wait(90s), 0) << interrupted.describe();
  EXPECT_TRUE(eventually_without("nothing is left", [&] { return left_behind(); }));
}

TEST_F(DemoTest, CtrlCTwiceEndsAtOnceAndLeavesNothingBehind) {
  Process interrupted = demo("600");
  ASSERT_TRUE(eventually(
      "it works", [&] { return works(interrupted); }, 60s))
      << interrupted.describe();
  ASSERT_NE(left_behind(), "");
  const auto interrupt = [&] {
    interrupted.signal(SIGINT);
    return !interrupted.running();
  };
  EXPECT_TRUE(eventually("it has ended", interrupt, 10s)) << interrupted.describe();
  EXPECT_EQ(interrupted.wait(), 128 + SIGINT) << interrupted.describe();
  EXPECT_TRUE(eventually_without("nothing is left", [&] { return left_behind(); }));
}

}  // namespace
}  // namespace pawl::test
