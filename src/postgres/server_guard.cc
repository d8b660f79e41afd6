#include "pawl/postgres/server_guard.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace pawl::postgres {
namespace {

constexpr char kStartAgain = 'S';
constexpr pid_t kInitdbFailed = -1;
constexpr int kFastShutdownMs = 10'000;
constexpr int kQuitMs = 5'000;

// The guard is forked from a process that may have threads, so until _exit or exec it only calls
// what is safe in a signal handler, on memory prepared before the fork.
struct Preparation {
  std::vector<char*> initdb, postgres;
  std::array<char*, 5> remove;
  std::array<char*, 4> environment;
  std::optional<Account> run_as;
  int control, reports, log;
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  return list;
}

/// Standard input, output and error become control, reports and log; everything else that we hold
/// is closed, so that we keep nobody else's pipe open.
void keep_only_ours(const Preparation& prepared) {
  constexpr int kAboveStandard = 10;
  const std::array<int, 3> sources{prepared.control, prepared.reports, prepared.log};
  std::array<int, 3> high{};
  for (int i = 0; i < 3; ++i) high[i] = ::fcntl(sources[i], F_DUPFD, kAboveStandard);
  for (int i = 0; i < 3; ++i) ::dup2(high[i], i);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
}

[[noreturn]] void become(char* const* command, const Preparation& prepared, pid_t guard) {
  constexpr int kCannotStart = 127;
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ::close(nothing);
  if (prepared.run_as) {
    const bool dropped = ::setgroups(0, nullptr) == 0 && ::setgid(prepared.run_as->group) == 0 &&
                         ::setuid(prepared.run_as->user) == 0;
    if (!dropped) ::_exit(kCannotStart);
  }
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after setuid, which would clear it
  if (::getppid() != guard) ::_exit(kCannotStart);
  ::execve(command[0], command, prepared.environment.data());
  ::_exit(kCannotStart);
}

pid_t spawn(char* const* command, const Preparation& prepared) {
  const pid_t guard = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(command, prepared, guard);
  return child;
}

/// True when the process has ended (it is not reaped); false after the time, or when our owner is
/// gone, if we look at that.
bool await_end(pid_t child, int timeout_ms, bool until_owner_gone) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
  std::array<pollfd, 2> list{{{handle, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
  int ready = 0;
  do {
    ready = ::poll(list.data(), until_owner_gone ? 2 : 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  ::close(handle);
  return (list[0].revents & POLLIN) != 0;
}

/// Also of those that a killed child left behind: they are ours by PR_SET_CHILD_SUBREAPER.
void reap_all(pid_t group) {
  ::kill(-group, SIGKILL);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
}

bool make_cluster(const Preparation& prepared) {
  const pid_t child = spawn(prepared.initdb.data(), prepared);
  if (child < 0) return false;
  int status = -1;
  if (await_end(child, -1, true)) ::waitpid(child, &status, 0);
  reap_all(child);
  return status == 0;
}

void shut_down(pid_t server) {
  if (server <= 0) return;
  ::kill(server, SIGINT);  // fast shutdown: sessions are ended, data are written
  if (!await_end(server, kFastShutdownMs, false)) {
    ::kill(server, SIGQUIT);
    await_end(server, kQuitMs, false);
  }
  reap_all(server);
}

void report(pid_t value) {
  [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, &value, sizeof value);
}

/// The next command of our owner; false when it is gone or wants the end.
bool next_command() {
  char command = 0;
  ssize_t count = 0;
  do {
    count = ::read(STDIN_FILENO, &command, 1);
  } while (count < 0 && errno == EINTR);
  return count == 1 && command == kStartAgain;
}

[[noreturn]] void guard(const Preparation& prepared) {
  ::setsid();
  ::prctl(PR_SET_NAME, "pawl-pg-guard");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
  keep_only_ours(prepared);
  [[maybe_unused]] const int moved = ::chdir("/");
  pid_t server = kInitdbFailed;
  if (make_cluster(prepared)) {
    do {
      if (server > 0) reap_all(server);
      server = spawn(prepared.postgres.data(), prepared);
      report(server);
    } while (next_command());
  } else {
    report(kInitdbFailed);
    next_command();
  }
  shut_down(server);
  ::execve(prepared.remove[0], prepared.remove.data(), prepared.environment.data());
  ::_exit(1);
}

struct Pipe {
  int read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe for a temporary PostgreSQL");
  }
  return {ends[0], ends[1]};
}

int open_log(const GuardPlan& plan) {
  const int log = ::open(plan.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) throw std::system_error(errno, std::generic_category(), plan.log.string());
  return log;
}

}  // namespace

ServerGuard::ServerGuard(const GuardPlan& plan) {
  const std::vector<std::string> remove{"/bin/rm", "-rf", "--", plan.folder.string()};
  const std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/"};
  Preparation prepared{
      pointers(plan.initdb), pointers(plan.postgres), {}, {}, plan.run_as, -1, -1, -1};
  std::ranges::copy(pointers(remove), prepared.remove.begin());
  std::ranges::copy(pointers(environment), prepared.environment.begin());
  prepared.log = open_log(plan);
  const Pipe control = make_pipe();
  const Pipe reports = make_pipe();
  prepared.control = control.read;
  prepared.reports = reports.write;
  guard_ = ::fork();
  if (guard_ == 0) guard(prepared);
  const int error = errno;
  for (const int fd : {control.read, reports.write, prepared.log}) ::close(fd);
  control_ = control.write;
  reports_ = reports.read;
  if (guard_ < 0) {
    throw std::system_error(error, std::generic_category(), "fork for a temporary PostgreSQL");
  }
}

ServerGuard::~ServerGuard() {
  ::close(control_);
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::close(reports_);
}

std::optional<pid_t> ServerGuard::await_server(std::chrono::milliseconds timeout) {
  pollfd entry{reports_, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(timeout.count())) <= 0) return std::nullopt;
  pid_t server = kInitdbFailed;
  if (::read(reports_, &server, sizeof server) != sizeof server || server <= 0) return std::nullopt;
  return server;
}

void ServerGuard::start_again() {
  if (::write(control_, &kStartAgain, 1) != 1) {
    throw std::system_error(errno, std::generic_category(), "the guard of a temporary PostgreSQL");
  }
}

}  // namespace pawl::postgres
