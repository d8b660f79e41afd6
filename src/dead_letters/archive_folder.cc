#include "pawl/dead_letters/archive_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "pawl/core/failure.h"
#include "pawl/core/rfc3339.h"

namespace pawl::dead_letters {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnly = 0600;

[[noreturn]] void refuse(const std::string& doing, const fs::path& path) {
  const int error = errno;
  throw Failure(Remedy::retry_later,
                std::string(kArchiveFailed),
                "cannot " + doing + " " + path.string() + ": " +
                    std::generic_category().message(error) +
                    "; no dead letter is deleted before it is archived. Mend it, or change "
                    "dead_letters.archive");
}

/// An open file; closed, and with it unlocked, at the end.
class OpenFile {
 public:
  OpenFile(fs::path path, int flags)
      : path_(std::move(path)), descriptor_(open(path_.c_str(), flags | O_CLOEXEC, kOwnerOnly)) {
    if (descriptor_ < 0) refuse("open", path_);
  }
  ~OpenFile() { close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void lock() const {
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) refuse("lock", path_);
  }
  void sync() const {
    if (fsync(descriptor_) != 0) refuse("make durable", path_);
  }
  void cut(off_t size) const {
    if (ftruncate(descriptor_, size) != 0) refuse("cut", path_);
  }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse("write to", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  [[nodiscard]] off_t size() const {
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    if (size < 0) refuse("measure", path_);
    return size;
  }
  /// Where its last whole line ends.
  [[nodiscard]] off_t end_of_lines() const {
    std::array<char, 4096> block{};
    for (off_t end = size(); end > 0;) {
      const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(block.size()));
      const ssize_t read =
          pread(descriptor_, block.data(), static_cast<std::size_t>(end - begin), begin);
      if (read != end - begin) refuse("read", path_);
      const std::string_view bytes{block.data(), static_cast<std::size_t>(read)};
      if (const auto at = bytes.rfind('\n'); at != std::string_view::npos)
        return begin + static_cast<off_t>(at) + 1;
      end = begin;
    }
    return 0;
  }

 private:
  fs::path path_;
  int descriptor_;
};

void append_whole(const OpenFile& file, off_t end, std::string_view lines) {
  try {
    file.write(lines);
    file.sync();
  } catch (const Failure&) {
    file.cut(end);
    throw;
  }
}

}  // namespace

fs::path ArchiveFolder::file() const {
  const std::string day = rfc3339(clock_.wall()).substr(0, std::string_view{"2026-11-22"}.size());
  return folder_ / (consumer_ + "-dead-letters-" + day + ".jsonl");
}

void ArchiveFolder::append(std::string_view lines) {
  const OpenFile opened{file(), O_RDWR | O_APPEND | O_CREAT};
  opened.lock();
  const off_t end = opened.end_of_lines();
  if (end != opened.size()) opened.cut(end);
  append_whole(opened, end, lines);
  if (end == 0) OpenFile{folder_, O_RDONLY | O_DIRECTORY}.sync();  // the file's name
}

void ArchiveFolder::check() const {
  const OpenFile folder{folder_, O_RDONLY | O_DIRECTORY};
  if (access(folder_.c_str(), W_OK | X_OK) != 0) refuse("write to", folder_);
}

}  // namespace pawl::dead_letters
