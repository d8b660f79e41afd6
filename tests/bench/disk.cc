#include "bench/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace pawl::bench {
namespace {

constexpr std::size_t kWrites = 200;
constexpr std::size_t kBytes = 8192;

class ProbeFile {
 public:
  explicit ProbeFile(std::filesystem::path path)
      : path_(std::move(path)), file_(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600)) {
    require(file_ >= 0);
  }
  ~ProbeFile() {
    ::close(file_);
    ::unlink(path_.c_str());
  }
  ProbeFile(const ProbeFile&) = delete;
  ProbeFile& operator=(const ProbeFile&) = delete;

  void write(std::size_t block) {
    const auto count = ::pwrite(file_, bytes_.data(), kBytes, static_cast<off_t>(block * kBytes));
    require(count == static_cast<ssize_t>(kBytes));
  }
  void sync() { require(::fdatasync(file_) == 0); }

 private:
  void require(bool success) const {
    if (success) return;
    throw std::system_error(
        errno, std::generic_category(), "probing the disk with " + path_.string());
  }

  std::filesystem::path path_;
  int file_;
  std::array<char, kBytes> bytes_{};
};

}  // namespace

double fdatasync_us(const std::filesystem::path& folder) {
  ProbeFile file{folder / "fdatasync-probe"};
  for (std::size_t block = 0; block < kWrites; ++block) file.write(block);
  file.sync();
  std::array<double, kWrites> times{};
  for (std::size_t block = 0; block < kWrites; ++block) {
    const auto begin = std::chrono::steady_clock::now();
    file.write(block);
    file.sync();
    times[block] =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
  }
  std::ranges::nth_element(times, times.begin() + kWrites / 2);
  return times[kWrites / 2];
}

}  // namespace pawl::bench
