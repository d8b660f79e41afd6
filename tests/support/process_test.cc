#include "support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "support/eventually.h"
#include "support/files.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Process shell(const std::string& script) {
  return Process{{.command = {"sh", "-c", script}}};
}

bool exists(pid_t process) {
  return ::kill(process, 0) == 0;
}

TEST(ProcessTest, GivesInputAndEnvironmentAndTakesBothOutputs) {
  auto finished = run({.command = {"sh", "-c", "read word; echo $word $PLACE; echo oh >&2; exit 3"},
                       .environment = {{"PLACE", "world"}},
                       .input = "hello\n",
                       .folder = {}});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.output, "hello world\n");
  EXPECT_EQ(finished.errors, "oh\n");
}

TEST(ProcessTest, LeavesOutWhatDirectsTestsAndPassesSettingsOn) {
  ::setenv("PAWL_KAFKA_JARS", "/somewhere", 1);
  ::setenv("PAWL_BATCH__MAX_COMMANDS", "7", 1);
  auto finished =
      run({.command = {"sh", "-c", "echo ${PAWL_KAFKA_JARS-none} $PAWL_BATCH__MAX_COMMANDS"}});
  ::unsetenv("PAWL_KAFKA_JARS");
  ::unsetenv("PAWL_BATCH__MAX_COMMANDS");
  EXPECT_EQ(finished.output, "none 7\n");
}

TEST(ProcessTest, TellsTheSignalThatEndedItAsAShellDoes) {
  auto process = shell("exec sleep 60");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
}

TEST(ProcessTest, ShowsWhatTheProgramSaidWhenItDoesNotEnd) {
  auto process = shell("echo busy; exec sleep 60");
  ASSERT_TRUE(eventually("it has spoken", [&] { return process.output() == "busy\n"; }));
  try {
    process.wait(5ms);
    FAIL() << "waited for ever";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("running as process"));
    EXPECT_THAT(error.what(), HasSubstr("busy"));
  }
}

TEST(ProcessTest, SaysWhichProgramCannotBeStarted) {
  auto finished = run({.command = {"no-such-program"}});
  EXPECT_EQ(finished.exit_code, 127);
  EXPECT_THAT(finished.errors, HasSubstr("cannot start: no-such-program: No such file"));
}

TEST(ProcessTest, IsKilledByItsDestructor) {
  pid_t process = 0;
  {
    auto sleeper = shell("exec sleep 60");
    process = sleeper.pid();
  }
  EXPECT_FALSE(exists(process));
}

// The shell that was started dies by SIGKILL and cannot clean up; the kernel does it for a Process
// that a test made. Here the test is a copy of itself: a forked child that starts a Process and is
// then killed.
TEST(ProcessTest, DiesWithATestThatIsKilled) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  pid_t test = ::fork();
  if (test == 0) {
    auto sleeper = shell("exec sleep 60");
    pid_t process = sleeper.pid();
    if (::write(pipe[1], &process, sizeof process) != sizeof process) ::_exit(1);
    ::pause();
  }
  pid_t sleeper = 0;
  ASSERT_EQ(::read(pipe[0], &sleeper, sizeof sleeper), static_cast<ssize_t>(sizeof sleeper));
  ::kill(test, SIGKILL);
  ::waitpid(test, nullptr, 0);
  EXPECT_TRUE(eventually("the sleeper is gone", [&] {
    return !exists(sleeper) ||
           read_file("/proc/" + std::to_string(sleeper) + "/stat").contains(") Z ");
  }));
}

}  // namespace
}  // namespace pawl::test
