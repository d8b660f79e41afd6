#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "support/eventually.h"
#include "support/files.h"

extern char** environ;

namespace pawl::test {
namespace {

constexpr std::size_t kShownLines = 30;
constexpr int kCannotStart = 127;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// PAWL_KAFKA_JARS and its like: no settings (those have two underscores), so programs would refuse
// them.
bool is_for_tests_only(const std::string& variable) {
  return variable.starts_with("PAWL_") && !variable.contains("__");
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string text = *entry;
    std::string name = text.substr(0, text.find('='));
    if (!added.contains(name) && !is_for_tests_only(name)) result.push_back(text);
  }
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words) result += (result.empty() ? "" : " ") + word;
  return result;
}

// Between fork and exec: only async-signal-safe calls.
void complain_and_exit(const char* what) {
  const char* why = strerrordesc_np(errno);
  for (const char* text : {"cannot start: ", what, ": ", why == nullptr ? "?" : why, "\n"}) {
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, text, std::strlen(text));
  }
  ::_exit(kCannotStart);
}

void redirect(int stream, const char* path, int flags) {
  int file = ::open(path, flags, 0600);
  if (file < 0 || ::dup2(file, stream) < 0) complain_and_exit(path);
  ::close(file);
}

int as_exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Process::Process(ProcessSettings settings)
    : settings_(std::move(settings)),
      files_("process"),
      input_path_(files_.path() / "stdin"),
      output_path_(files_.path() / "stdout"),
      errors_path_(files_.path() / "stderr") {
  if (settings_.command.empty()) throw std::invalid_argument("Process: the command is empty");
  write_file(input_path_, settings_.input);
  start();
}

Process::~Process() {
  if (pid_ <= 0 || exit_code_) return;
  ::kill(pid_, SIGKILL);
  reap(0);
}

void Process::start() {
  auto arguments = settings_.command;
  auto environment = merged_environment(settings_.environment);
  auto argument_pointers = pointers(arguments);
  auto environment_pointers = pointers(environment);
  pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error(std::string{"cannot fork: "} + std::strerror(errno));
  if (pid_ == 0) become_program(argument_pointers.data(), environment_pointers.data(), parent);
}

void Process::become_program(char* const* arguments, char* const* environment, pid_t parent) const {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotStart);  // it died before prctl could watch it
  redirect(STDIN_FILENO, input_path_.c_str(), O_RDONLY);
  redirect(STDERR_FILENO, errors_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  redirect(STDOUT_FILENO, output_path_.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  if (!settings_.folder.empty() && ::chdir(settings_.folder.c_str()) != 0) {
    complain_and_exit(settings_.folder.c_str());
  }
  ::execvpe(arguments[0], arguments, environment);
  complain_and_exit(arguments[0]);
  ::_exit(kCannotStart);
}

bool Process::reap(int options) {
  if (exit_code_) return true;
  int status = 0;
  pid_t answer = -1;
  do {
    answer = ::waitpid(pid_, &status, options);
  } while (answer < 0 && errno == EINTR);
  if (answer != pid_) return false;
  exit_code_ = as_exit_code(status);
  return true;
}

bool Process::running() {
  return !reap(WNOHANG);
}

void Process::signal(int number) {
  if (running()) ::kill(pid_, number);
}

int Process::wait(std::chrono::milliseconds deadline) {
  auto ended = eventually("the process ends", [this] { return !running(); }, deadline);
  if (!ended) throw std::runtime_error(std::string{ended.message()} + "\n" + describe());
  return *exit_code_;
}

std::string Process::output() const {
  return read_file(output_path_);
}
std::string Process::errors() const {
  return read_file(errors_path_);
}

std::string Process::describe() {
  auto state = running() ? "running as process " + std::to_string(pid_)
                         : "ended with " + std::to_string(*exit_code_);
  return joined(settings_.command) + "\n" + state + "\n--- its output\n" +
         last_lines(output(), kShownLines) + "--- its errors\n" + last_lines(errors(), kShownLines);
}

Finished run(ProcessSettings settings, std::chrono::milliseconds deadline) {
  Process process{std::move(settings)};
  int exit_code = process.wait(deadline);
  return {exit_code, process.output(), process.errors()};
}

}  // namespace pawl::test
