#include "support/temporary_folder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace pawl::test {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolderTest, IsGoneAfterItsOwner) {
  fs::path path;
  {
    TemporaryFolder folder{"gone"};
    path = folder.path();
    fs::create_directories(path / "with" / "content");
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryFolderTest, StaysWhileItsOwnerLives) {
  TemporaryFolder first{"first"};
  TemporaryFolder second{"second"};
  EXPECT_TRUE(fs::exists(first.path()));
}

TEST(TemporaryFolderTest, OfAKilledOwnerIsRemovedByTheNextOne) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  pid_t owner = ::fork();
  if (owner == 0) {
    TemporaryFolder folder{"left"};
    std::string path = folder.path();
    if (::write(pipe[1], path.data(), path.size()) < 0) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  std::string path(4096, '\0');
  auto size = ::read(pipe[0], path.data(), path.size());
  ASSERT_GT(size, 0);
  path.resize(static_cast<std::size_t>(size));
  ::waitpid(owner, nullptr, 0);
  EXPECT_TRUE(fs::exists(path));
  TemporaryFolder next{"next"};
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace pawl::test
