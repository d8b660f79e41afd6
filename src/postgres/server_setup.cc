#include "pawl/postgres/server_setup.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "pawl/core/failure.h"

namespace pawl::postgres {
namespace {

namespace fs = std::filesystem;

// sockaddr_un holds 107 bytes; the longest name PostgreSQL makes in the folder is
// ".s.PGSQL.65535.lock".
constexpr std::size_t kSocketFolderBytes = 107 - 20;

std::system_error failed(const std::string& what) {
  return {errno, std::generic_category(), what};
}

}  // namespace

std::optional<Account> unprivileged_account() {
  if (::geteuid() != 0) return std::nullopt;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* entry = ::getpwnam(name)) return Account{entry->pw_uid, entry->pw_gid};
  }
  throw Failure(
      Remedy::give_up,
      "no_account",
      "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody to "
      "run it as; create one, or run this program as another user");
}

fs::path make_server_folder(const std::optional<Account>& owner) {
  std::string path = (fs::temp_directory_path() / "pawl-pg-XXXXXX").string();
  if (path.size() > kSocketFolderBytes) path = "/tmp/pawl-pg-XXXXXX";
  if (!::mkdtemp(path.data())) throw failed("make " + path);
  if (owner && ::chown(path.c_str(), owner->user, owner->group) != 0) throw failed("chown " + path);
  return path;
}

/// The kernel picks it. Somebody could take it before the server does; the server's log then says
/// so.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound =
      fd >= 0 && ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!bound) throw std::system_error(error, std::generic_category(), "find a free port");
  return ::ntohs(address.sin_port);
}

std::string random_password() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw failed("getrandom");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) (text += kHex[byte >> 4]) += kHex[byte & 15];
  return text;
}

void write_secret(const fs::path& file,
                  const std::string& text,
                  const std::optional<Account>& owner) {
  std::ofstream{file} << text << '\n';
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  if (owner && ::chown(file.c_str(), owner->user, owner->group) != 0) {
    throw failed("chown " + file.string());
  }
}

}  // namespace pawl::postgres
