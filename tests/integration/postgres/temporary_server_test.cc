// A private server comes, crashes, comes again, and is gone with its owner however that ends.
#include "pawl/postgres/temporary_server.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

#include "pawl/core/failure.h"
#include "pawl/postgres/connection.h"
#include "support/eventually.h"

namespace pawl::postgres {
namespace {

namespace fs = std::filesystem;
using test::eventually;
using testing::HasSubstr;

std::int64_t number(const std::string& url, const std::string& sql) {
  return Connection({.url = url}).execute({"", sql}).integer(0, 0);
}

/// A process of its own that has a server and dies in the ways that tests ask for.
class Owner {
 public:
  /// Its servers' folders are made in `folder`.
  explicit Owner(const fs::path& folder) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    pid_ = ::fork();
    if (pid_ == 0) live(folder, ends[1]);
    ::close(ends[1]);
    answer_ = ends[0];
  }
  ~Owner() {
    die_by(SIGKILL);
    ::close(answer_);
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;

  /// Process id of its server, once that is up.
  pid_t server() {
    pid_t server = -1;
    EXPECT_EQ(::read(answer_, &server, sizeof server), static_cast<ssize_t>(sizeof server));
    return server;
  }

  /// The signal goes to its whole process group, as a terminal's Ctrl-C would.
  void die_by(int number) {
    if (pid_ < 0) return;
    ::kill(-pid_, number);
    ::kill(-pid_, number);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  [[noreturn]] static void live(const fs::path& folder, int answer) {
    ::setpgid(0, 0);
    ::setenv("TMPDIR", folder.c_str(), 1);
    const TemporaryServer server;
    const pid_t pid = server.pid();
    if (::write(answer, &pid, sizeof pid) != sizeof pid) ::_exit(1);
    for (;;) ::pause();
  }

  pid_t pid_ = -1;
  int answer_ = -1;
};

class OwnerDeathTest : public testing::Test {
 protected:
  OwnerDeathTest() {
    std::string path = (fs::temp_directory_path() / "pawl-test-owner-XXXXXX").string();
    folder_ = ::mkdtemp(path.data());
    fs::permissions(folder_, fs::perms::all);  // the server may be another user's
  }
  ~OwnerDeathTest() override { fs::remove_all(folder_); }

  static bool gone(pid_t process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

  fs::path folder_;
};

TEST_F(OwnerDeathTest, NothingIsLeftAfterSigkill) {
  Owner owner{folder_};
  const pid_t server = owner.server();
  ASSERT_FALSE(gone(server));
  ASSERT_FALSE(fs::is_empty(folder_));
  owner.die_by(SIGKILL);
  EXPECT_TRUE(eventually("the server is gone", [&] { return gone(server); }));
  EXPECT_TRUE(eventually("its folder is gone", [&] { return fs::is_empty(folder_); }));
}

TEST_F(OwnerDeathTest, NothingIsLeftAfterCtrlCTwice) {
  Owner owner{folder_};
  const pid_t server = owner.server();
  owner.die_by(SIGINT);
  EXPECT_TRUE(eventually("the server is gone", [&] { return gone(server); }));
  EXPECT_TRUE(eventually("its folder is gone", [&] { return fs::is_empty(folder_); }));
}

TEST_F(OwnerDeathTest, NothingIsLeftOfAHalfMadeServer) {
  Owner owner{folder_};
  ASSERT_TRUE(eventually("initdb has begun", [&] {
    for (const auto& entry : fs::directory_iterator{folder_}) {
      if (fs::exists(entry.path() / "data")) return true;
    }
    return false;
  }));
  owner.die_by(SIGKILL);
  EXPECT_TRUE(eventually("its folder is gone", [&] { return fs::is_empty(folder_); }));
}

TEST(TemporaryServerTest, DataSurviveACrashAndGoWithTheServer) {
  TemporaryServer server({.durable = true});
  const fs::path folder = server.folder();
  const std::string url = server.create_database("shop");
  Connection({.url = url}).execute({"", "CREATE TABLE kept AS SELECT 7::bigint AS value"});
  server.kill_immediately();
  EXPECT_FALSE(server.running());
  EXPECT_THROW(number(url, "SELECT 1::bigint"), Failure);
  server.start_again();
  EXPECT_TRUE(server.running());
  EXPECT_EQ(number(url, "SELECT value FROM kept"), 7);
  server.stop();
  server.stop();
  EXPECT_FALSE(server.running());
  EXPECT_FALSE(fs::exists(folder));
}

TEST(TemporaryServerTest, SettingsAndTcpAreTheCallers) {
  const TemporaryServer server({.tcp = true, .settings = {{"max_connections", "17"}}});
  Connection connection({.url = server.tcp_url()});
  EXPECT_EQ(connection.execute({"", "SHOW max_connections"}).text(0, 0), "17");
  EXPECT_EQ(connection.execute({"", "SHOW fsync"}).text(0, 0), "off");
  std::string without_password = server.tcp_url();
  without_password.erase(without_password.find(':', 13), 33);
  EXPECT_THROW(Connection({.url = without_password}), Failure);
}

TEST(TemporaryServerTest, AServerThatCannotStartShowsItsLog) {
  try {
    const TemporaryServer server({.settings = {{"no_such_setting", "1"}}});
    FAIL() << "it started";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("no_such_setting"));
  }
}

TEST(TemporaryServerTest, MissingProgramsAreNamed) {
  try {
    const TemporaryServer server({.binaries = "/nonexistent"});
    FAIL() << "it started";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), testing::AllOf(HasSubstr("/nonexistent"), HasSubstr("install")));
  }
}

}  // namespace
}  // namespace pawl::postgres
