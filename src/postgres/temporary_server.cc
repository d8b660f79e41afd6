#include "pawl/postgres/temporary_server.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <deque>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "pawl/core/failure.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/conninfo.h"
#include "pawl/postgres/server_binaries.h"
#include "pawl/postgres/server_guard.h"
#include "pawl/postgres/server_setup.h"

namespace pawl::postgres {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::string_view kUser = "postgres";
constexpr int kDefaultPort = 5432;
constexpr int kReadyPollMs = 20;
constexpr milliseconds kCrashTimeout{10'000};

}  // namespace

struct TemporaryServer::State {
  TemporaryServerSettings settings;
  fs::path binaries;
  std::optional<Account> account;
  fs::path folder;
  int port = kDefaultPort;
  std::string password;
  std::optional<ServerGuard> guard;
  pid_t pid = -1;
  int handle = -1;  // pidfd

  explicit State(TemporaryServerSettings wanted)
      : settings(std::move(wanted)),
        binaries(find_server_binaries(settings.binaries)),
        account(unprivileged_account()),
        folder(make_server_folder(account)),
        port(settings.tcp ? free_port() : kDefaultPort),
        password(random_password()) {}
  ~State() { stop(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  [[nodiscard]] fs::path log() const { return folder / "log"; }
  [[nodiscard]] fs::path password_file() const { return folder / "password"; }

  [[nodiscard]] std::vector<std::string> initdb_command() const {
    return {(binaries / "initdb").string(),
            "--pgdata=" + (folder / "data").string(),
            "--username=" + std::string{kUser},
            "--pwfile=" + password_file().string(),
            "--auth-local=trust",  // the socket's folder lets nobody else in
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"};
  }

  [[nodiscard]] std::vector<std::string> postgres_command() const {
    std::map<std::string, std::string> all{
        {"unix_socket_directories", folder.string()},
        {"listen_addresses", settings.tcp ? "127.0.0.1" : ""},
        {"port", std::to_string(port)},
    };
    for (const char* name : {"fsync", "full_page_writes", "synchronous_commit"}) {
      all[name] = settings.durable ? "on" : "off";
    }
    for (const auto& [name, value] : settings.settings) all[name] = value;
    std::vector<std::string> command{
        (binaries / "postgres").string(), "-D", (folder / "data").string()};
    for (const auto& [name, value] : all) {
      command.emplace_back("-c");
      command.push_back(name + '=' + value);
    }
    return command;
  }

  [[nodiscard]] std::string url(std::string_view database) const {
    return "postgresql://" + std::string{kUser} + "@/" + percent_encoded(database) +
           "?host=" + percent_encoded(folder.string()) + "&port=" + std::to_string(port);
  }

  bool ended(int wait_ms) const {
    pollfd entry{handle, POLLIN, 0};
    return handle < 0 || ::poll(&entry, 1, wait_ms) > 0;
  }

  void take_server(std::optional<pid_t> started);
  void await_ready(SteadyTime deadline) const;
  void stop();
  [[nodiscard]] std::string tail(int lines) const;
  [[nodiscard]] Failure cannot_start(const std::string& why) const {
    return {Remedy::give_up,
            "postgres_not_started",
            "cannot start a temporary PostgreSQL (" + binaries.string() + ") in " +
                folder.string() + ": " + why + "; the end of its log:\n" + tail(20)};
  }
};

void TemporaryServer::State::take_server(std::optional<pid_t> started) {
  if (!started) throw cannot_start("initdb failed, or was not done in time");
  pid = *started;
  if (handle >= 0) ::close(handle);
  handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
}

void TemporaryServer::State::await_ready(SteadyTime deadline) const {
  const std::string target = url("postgres");
  while (PQping(target.c_str()) != PQPING_OK) {
    if (ended(kReadyPollMs)) throw cannot_start("it ended by itself");
    if (std::chrono::steady_clock::now() > deadline) throw cannot_start("it was not ready in time");
  }
}

std::string TemporaryServer::State::tail(int lines) const {
  std::ifstream file{log()};
  std::deque<std::string> last;
  for (std::string line; std::getline(file, line);) {
    last.push_back(line);
    if (last.size() > static_cast<std::size_t>(lines)) last.pop_front();
  }
  std::string text;
  for (const std::string& line : last) text += line + '\n';
  return text;
}

void TemporaryServer::State::stop() {
  if (handle >= 0) ::close(std::exchange(handle, -1));
  pid = -1;
  guard.reset();
  std::error_code ignored;
  fs::remove_all(folder, ignored);  // what the guard removes too, if there was one
}

TemporaryServer::TemporaryServer(TemporaryServerSettings settings)
    : state_(std::make_unique<State>(std::move(settings))) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + state_->settings.start_timeout;
  write_secret(state_->password_file(), state_->password, state_->account);
  state_->guard.emplace(GuardPlan{.initdb = state_->initdb_command(),
                                  .postgres = state_->postgres_command(),
                                  .folder = state_->folder,
                                  .log = state_->log(),
                                  .run_as = state_->account});
  state_->take_server(state_->guard->await_server(state_->settings.start_timeout));
  state_->await_ready(deadline);
}

TemporaryServer::~TemporaryServer() = default;

std::string TemporaryServer::url(std::string_view database) const {
  return state_->url(database);
}

std::string TemporaryServer::tcp_url(std::string_view database) const {
  if (!state_->settings.tcp) throw std::logic_error("tcp_url() of a server without settings.tcp");
  return "postgresql://" + std::string{kUser} + ':' + state_->password +
         "@127.0.0.1:" + std::to_string(state_->port) + '/' + percent_encoded(database);
}

std::string TemporaryServer::create_database(std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) || c == '_';
  });
  if (!plain) {
    throw std::logic_error("database name \"" + std::string{name} +
                           "\": expected letters, digits and underscores");
  }
  Connection connection({.url = url()});
  connection.execute({"", "CREATE DATABASE \"" + std::string{name} + '"'});
  return url(name);
}

pid_t TemporaryServer::pid() const noexcept {
  return state_->pid;
}
bool TemporaryServer::running() const {
  return !state_->ended(0);
}
const fs::path& TemporaryServer::folder() const noexcept {
  return state_->folder;
}
std::string TemporaryServer::log_tail(int lines) const {
  return state_->tail(lines);
}

void TemporaryServer::kill_immediately() {
  if (!running()) return;
  ::syscall(SYS_pidfd_send_signal, state_->handle, SIGQUIT, nullptr, 0);
  if (!state_->ended(static_cast<int>(kCrashTimeout.count()))) {
    ::syscall(SYS_pidfd_send_signal, state_->handle, SIGKILL, nullptr, 0);
    state_->ended(static_cast<int>(kCrashTimeout.count()));
  }
}

void TemporaryServer::start_again() {
  if (running()) return;
  const SteadyTime deadline = std::chrono::steady_clock::now() + state_->settings.start_timeout;
  state_->guard->start_again();
  state_->take_server(state_->guard->await_server(state_->settings.start_timeout));
  state_->await_ready(deadline);
}

void TemporaryServer::stop() {
  state_->stop();
}

}  // namespace pawl::postgres
