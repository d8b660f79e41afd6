// A private PostgreSQL for the demo, tests and benchmarks: started in a temporary folder, gone with
// its owner.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace pawl::postgres {

struct TemporaryServerSettings {
  /// True: survives a power cut like a real one (fsync, full_page_writes, synchronous_commit);
  /// figures then mean something.
  bool durable = false;
  /// Listens on a free port of 127.0.0.1 too, with a password. Otherwise on a socket that only this
  /// user can reach.
  bool tcp = false;
  /// postgresql.conf, over ours.
  std::map<std::string, std::string> settings;
  /// Folder of initdb and postgres; empty: looked for.
  std::filesystem::path binaries;
  std::chrono::milliseconds start_timeout{60'000};
};

/// The server runs as ourselves, or, when we are root, as `postgres` or `nobody`. Whatever ends
/// this process (also SIGKILL, or Ctrl-C twice), the server is shut down and the folder removed:
/// see ServerGuard. One thread at a time.
class TemporaryServer {
 public:
  /// Returns when the server takes connections. Throws Failure(give_up) when it cannot be started;
  /// the text has the last lines of its log.
  explicit TemporaryServer(TemporaryServerSettings settings = {});
  /// stop()
  ~TemporaryServer();
  TemporaryServer(const TemporaryServer&) = delete;
  TemporaryServer& operator=(const TemporaryServer&) = delete;

  /// As superuser through the socket.
  [[nodiscard]] std::string url(std::string_view database = "postgres") const;
  /// Through 127.0.0.1, only with settings.tcp (std::logic_error otherwise). Holds the password.
  [[nodiscard]] std::string tcp_url(std::string_view database = "postgres") const;
  /// Makes an empty database and returns its url. Letters, digits and underscores. Throws Failure.
  std::string create_database(std::string_view name);

  [[nodiscard]] pid_t pid() const noexcept;
  [[nodiscard]] bool running() const;
  [[nodiscard]] const std::filesystem::path& folder() const noexcept;
  /// The log's last lines.
  [[nodiscard]] std::string log_tail(int lines = 20) const;

  /// For tests: the server crashes (SIGQUIT, "immediate shutdown"); returns when it is gone. Data
  /// stay.
  void kill_immediately();
  /// For tests: starts it again after kill_immediately(), with crash recovery. Throws Failure.
  void start_again();

  /// Fast shutdown, then removes the folder. May be called twice.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::postgres
