// An archive's files: whole lines, for their owner's eyes, or a clear refusal.
#include "pawl/dead_letters/archive_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "pawl/core/failure.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "unit/observe_clock.h"

namespace pawl::test {
namespace {

using dead_letters::ArchiveFolder;
using testing::HasSubstr;

/// Files of this process cannot grow beyond `bytes`.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
  sighandler_t handler_;
};

class ArchiveFolderTest : public testing::Test {
 protected:
  /// What was wrong; empty: nothing.
  static std::string refusal(const std::function<void()>& act) {
    try {
      act();
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code(), dead_letters::kArchiveFailed);
      return failure.what();
    }
    return "";
  }
  TemporaryFolder folder_{"archive"};
  observe::HandClock clock_;
  ArchiveFolder archive_{folder_.path(), "ledger", clock_};
};

TEST_F(ArchiveFolderTest, AFileADayForItsOwnerAlone) {
  archive_.check();
  archive_.append("{\"a\":1}\n");
  archive_.append("{\"b\":1}\n");
  clock_.since_start = std::chrono::hours{24};
  archive_.append("{\"c\":1}\n");
  const auto first = folder_.path() / "ledger-dead-letters-2026-11-20.jsonl";
  EXPECT_EQ(read_file(first), "{\"a\":1}\n{\"b\":1}\n");
  EXPECT_EQ(read_file(folder_.path() / "ledger-dead-letters-2026-11-21.jsonl"), "{\"c\":1}\n");
  EXPECT_EQ(std::filesystem::status(first).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ArchiveFolderTest, AHalfLineOfADeadWriterIsCutOff) {
  for (const std::string& half : {std::string("{\"half"), std::string(10'000, 'x')}) {
    write_file(archive_.file(), "{\"a\":1}\n" + half);
    archive_.append("{\"b\":1}\n");
    EXPECT_EQ(read_file(archive_.file()), "{\"a\":1}\n{\"b\":1}\n");
  }
  write_file(archive_.file(), "nothing but half a line");
  archive_.append("{\"b\":1}\n");
  EXPECT_EQ(read_file(archive_.file()), "{\"b\":1}\n");
}

TEST_F(ArchiveFolderTest, AFullDiskLeavesWholeLines) {
  archive_.append("{\"a\":1}\n");
  const std::string large(1'000, 'x');
  {
    const SmallFiles limit{500};
    EXPECT_THAT(refusal([&] { archive_.append(large + '\n'); }), HasSubstr("cannot write to"));
  }
  EXPECT_EQ(read_file(archive_.file()), "{\"a\":1}\n");
}

TEST_F(ArchiveFolderTest, AFolderThatIsMissingIsNamedBeforeAndAfter) {
  ArchiveFolder nowhere{folder_.path() / "nowhere", "ledger", clock_};
  for (const auto& act : {std::function<void()>{[&] { nowhere.check(); }},
                          std::function<void()>{[&] { nowhere.append("x\n"); }}}) {
    const std::string text = refusal(act);
    EXPECT_THAT(text, HasSubstr("nowhere"));
    EXPECT_THAT(text, HasSubstr("No such file"));
    EXPECT_THAT(text, HasSubstr("dead_letters.archive"));
  }
}

TEST_F(ArchiveFolderTest, TwoWritersDoNotMeet) {
  archive_.append("{\"a\":1}\n");
  const int other = open(archive_.file().c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  EXPECT_THAT(refusal([&] { archive_.append("{\"b\":1}\n"); }), HasSubstr("cannot lock"));
  close(other);
  archive_.append("{\"b\":1}\n");
  EXPECT_EQ(read_file(archive_.file()), "{\"a\":1}\n{\"b\":1}\n");
}

}  // namespace
}  // namespace pawl::test
