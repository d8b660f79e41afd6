// Loaded into a server's processes before libc (LD_PRELOAD): while the file named by FULL_DISK
// exists, no file whose path holds that file's text grows. Like a real full disk, blocks that are
// there can still be overwritten.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::string text_of(const char* file) {
  std::string text(256, '\0');
  const int handle = ::open(file, O_RDONLY | O_CLOEXEC);
  const ssize_t count = handle < 0 ? -1 : ::read(handle, text.data(), text.size());
  if (handle >= 0) ::close(handle);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

std::string path_of(int handle) {
  std::string path(4096, '\0');
  const std::string link = "/proc/self/fd/" + std::to_string(handle);
  const ssize_t count = ::readlink(link.c_str(), path.data(), path.size());
  path.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return path;
}

/// Whether writing up to there needs room that is not left.
bool is_full(int handle, off_t end) {
  const char* full = std::getenv("FULL_DISK");
  if (full == nullptr || ::access(full, F_OK) != 0) return false;
  struct stat now{};
  if (::fstat(handle, &now) != 0 || !S_ISREG(now.st_mode) || end <= now.st_size) return false;
  return path_of(handle).find(text_of(full)) != std::string::npos;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite(int handle, const void* bytes, size_t count, off_t offset) {
  static auto* const next = real<decltype(pwrite)>("pwrite");
  if (!is_full(handle, offset + static_cast<off_t>(count)))
    return next(handle, bytes, count, offset);
  errno = ENOSPC;
  return -1;
}

ssize_t pwritev(int handle, const iovec* parts, int count, off_t offset) {
  static auto* const next = real<decltype(pwritev)>("pwritev");
  off_t end = offset;
  for (int i = 0; i < count; ++i) end += static_cast<off_t>(parts[i].iov_len);
  if (!is_full(handle, end)) return next(handle, parts, count, offset);
  errno = ENOSPC;
  return -1;
}

int posix_fallocate(int handle, off_t offset, off_t length) {
  static auto* const next = real<decltype(posix_fallocate)>("posix_fallocate");
  return is_full(handle, offset + length) ? ENOSPC : next(handle, offset, length);
}

}  // extern "C"
