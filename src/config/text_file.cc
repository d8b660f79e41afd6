#include "pawl/config/text_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace pawl::config {
namespace {

// Any configuration or certificate chain fits; a wrong path to something huge does not fill the
// memory.
constexpr std::size_t kBytesMax = 1024 * 1024;

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unexpected<std::string> last_error() {
  return std::unexpected{std::generic_category().message(errno)};
}

}  // namespace

std::expected<std::string, std::string> read_text_file(const std::string& path) {
  const std::unique_ptr<std::FILE, Close> file{std::fopen(path.c_str(), "rb")};
  if (!file) return last_error();
  std::string content(kBytesMax + 1, '\0');
  content.resize(std::fread(content.data(), 1, content.size(), file.get()));
  if (std::ferror(file.get()) != 0) return last_error();
  if (content.size() > kBytesMax) return std::unexpected{"it is larger than 1MiB"};
  return content;
}

std::expected<std::string, std::string> read_secret_file(const std::string& path) {
  auto content = read_text_file(path);
  if (!content) return content;
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  if (content->empty()) return std::unexpected{"it is empty"};
  return content;
}

}  // namespace pawl::config
