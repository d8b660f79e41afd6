// Another program as part of a test: started, watched, signalled, and never outliving the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/temporary_folder.h"

namespace pawl::test {

struct ProcessSettings {
  std::vector<std::string> command;  // program (a path, or a name found in PATH) and its arguments
  // Added to the test's own, of which only PAWL_… variables that are no settings are left out.
  std::map<std::string, std::string> environment;
  std::string input;             // what it reads from standard input
  std::filesystem::path folder;  // its working folder; empty = the test's
};

/// Starts in the constructor, is killed and reaped in the destructor. The kernel kills it when the
/// thread that started it ends, however that happens (PR_SET_PDEATHSIG): start it from a thread
/// that lives as long as it shall, usually the test's own. Output goes to files, so a talkative
/// program never blocks. One thread at a time.
class Process {
 public:
  /// Throws std::runtime_error when the program cannot be started (what, why).
  explicit Process(ProcessSettings settings);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] bool running();

  /// SIGTERM, SIGKILL, SIGSTOP, SIGCONT … to this process alone; nothing if it has ended.
  void signal(int number);

  /// Its exit code; 128 + the signal that ended it, as in a shell. Throws std::runtime_error at the
  /// deadline, with what the program has said so far; it goes on running then.
  int wait(std::chrono::milliseconds deadline = std::chrono::seconds{30});

  /// What it has written so far.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

  /// Command, state and the last lines of both streams: for failure messages.
  [[nodiscard]] std::string describe();

 private:
  void start();
  [[noreturn]] void become_program(char* const* arguments,
                                   char* const* environment,
                                   pid_t parent) const;
  bool reap(int options);

  ProcessSettings settings_;
  TemporaryFolder files_;
  std::filesystem::path input_path_, output_path_, errors_path_;
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// Runs a program to its end; its exit code, output and errors.
struct Finished {
  int exit_code;
  std::string output;
  std::string errors;
};
Finished run(ProcessSettings settings,
             std::chrono::milliseconds deadline = std::chrono::seconds{60});

}  // namespace pawl::test
