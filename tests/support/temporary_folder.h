// A folder that is gone when the test is: at the end of its owner, or, if that was killed, at the
// next test's start.
#pragma once

#include <filesystem>
#include <string_view>

namespace pawl::test {

/// Owned by whoever works in it; movable to nobody. The owner holds a lock on a file inside as long
/// as it lives, so a later run knows which folders were left behind by a killed one. Any thread.
class TemporaryFolder {
 public:
  /// Makes `<system's temporary folder>/pawl-test-<purpose>-XXXXXX` and removes what dead owners
  /// left there. Throws std::system_error.
  explicit TemporaryFolder(std::string_view purpose);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace pawl::test
