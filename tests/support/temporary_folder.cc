#include "support/temporary_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>

namespace pawl::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "pawl-test-";
constexpr std::string_view kLockName = ".owner-lives";

int open_lock(const fs::path& folder, int flags) {
  return ::open((folder / kLockName).c_str(), flags | O_RDWR | O_CLOEXEC, 0600);
}

bool older_than(const fs::path& folder, std::chrono::minutes age) {
  std::error_code ignored;
  auto changed = fs::last_write_time(folder, ignored);
  return !ignored && fs::file_time_type::clock::now() - changed > age;
}

bool left_behind(const fs::path& folder) {
  int lock = open_lock(folder, 0);
  // Without a lock file it is being made just now, or its maker died within a microsecond.
  if (lock < 0) return errno == ENOENT && older_than(folder, std::chrono::minutes{10});
  bool owner_is_dead = ::flock(lock, LOCK_EX | LOCK_NB) == 0;
  ::close(lock);
  return owner_is_dead;
}

void remove_left_behind() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{fs::temp_directory_path(), ignored}) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    if (left_behind(entry.path())) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder(std::string_view purpose) {
  remove_left_behind();
  std::string name =
      fs::temp_directory_path() / (std::string{kPrefix} + std::string{purpose} + "-XXXXXX");
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make the folder " + name);
  }
  path_ = name;
  lock_ = open_lock(path_, O_CREAT);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot lock " + name);
  }
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  ::close(lock_);
}

}  // namespace pawl::test
