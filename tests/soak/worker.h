// One place in the consumer group: a pawl-ledger process, and the next one when that has ended.
#pragma once

#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/process.h"

namespace pawl::soak {

/// Used by the main thread.
class Worker {
 public:
  struct Settings {
    int number = 1;
    std::string program;
    std::map<std::string, std::string> environment;
    std::filesystem::path logs;  // where its log goes at its end; empty: nowhere
  };
  explicit Worker(Settings settings) : settings_(std::move(settings)) {}
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] std::string name() const { return "worker " + std::to_string(settings_.number); }
  /// Of the present process; 0 while there is none.
  [[nodiscard]] int pid() const { return process_ ? process_->pid() : 0; }

  /// The next process, if none runs.
  void start();
  void kill();
  void freeze() { process_->signal(SIGSTOP); }
  void thaw() { process_->signal(SIGCONT); }
  /// SIGTERM; end() waits.
  void ask_to_end() {
    process_->signal(SIGTERM);
    asked_to_end_ = true;
  }
  /// Waits for the end that was asked for; anything but exit code 0 in time becomes a bad end.
  void end();
  /// Whether its process has ended by itself: a bad end, and the next one is started.
  void look_after();

  /// What was wrong about ends until now.
  [[nodiscard]] const std::vector<std::string>& bad_ends() const { return bad_ends_; }
  /// What processes that have ended wrote to standard error that is no JSON line.
  [[nodiscard]] const std::vector<std::string>& bad_lines() const { return bad_lines_; }

 private:
  void take_log();

  Settings settings_;
  std::unique_ptr<test::Process> process_;
  bool asked_to_end_ = false;
  std::vector<std::string> bad_ends_, bad_lines_;
};

}  // namespace pawl::soak
