// The process between us and a private PostgreSQL server. Private to this folder.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pawl::postgres {

struct Account {
  uid_t user;
  gid_t group;
};

struct GuardPlan {
  std::vector<std::string> initdb;  // command and arguments
  std::vector<std::string> postgres;
  std::filesystem::path folder;   // removed at the end
  std::filesystem::path log;      // output of both
  std::optional<Account> run_as;  // whom to become; empty = stay who we are
};

/// A small process of ours that owns the server: forked, in a session of its own (a terminal's
/// Ctrl-C does not reach it or the server), parent of the server, holding the reading end of a
/// pipe. However we end, the pipe then reads end-of-file, and the guard shuts the server down and
/// removes the folder. Should somebody kill the guard, the kernel tells the server to quit
/// (PR_SET_PDEATHSIG); only then the folder stays. One thread at a time.
class ServerGuard {
 public:
  /// Forks; runs initdb and starts the server. Throws std::system_error.
  explicit ServerGuard(const GuardPlan& plan);
  /// Lets the guard shut down and clean up, and waits for it (seconds, bounded by the guard).
  ~ServerGuard();
  ServerGuard(const ServerGuard&) = delete;
  ServerGuard& operator=(const ServerGuard&) = delete;

  /// The server's process id once it is started; empty when initdb failed or the deadline came (see
  /// the log). Its number is not given to another process before the guard is asked to start again
  /// or to end.
  [[nodiscard]] std::optional<pid_t> await_server(std::chrono::milliseconds timeout);

  /// After the server has ended: starts it again on the same data; then await_server().
  void start_again();

 private:
  int control_ = -1;  // writing end
  int reports_ = -1;  // reading end
  pid_t guard_ = -1;
};

}  // namespace pawl::postgres
