#include "soak/worker.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "support/files.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

// shutdown.deadline is 25 s; what is killed at its end comes on top.
constexpr auto kEndMax = 30s;
constexpr std::size_t kLastLines = 5;

}  // namespace

Worker::~Worker() {
  if (process_) kill();
}

void Worker::start() {
  if (process_) return;
  process_ =
      std::make_unique<test::Process>(test::ProcessSettings{.command = {settings_.program},
                                                            .environment = settings_.environment,
                                                            .input = {},
                                                            .folder = {}});
}

void Worker::kill() {
  process_->signal(SIGKILL);
  process_->wait();
  take_log();
}

void Worker::end() {
  try {
    const int code = process_->wait(kEndMax);
    if (code != 0) {
      bad_ends_.push_back(fmt::format("{} ended with {} after SIGTERM: {}",
                                      name(),
                                      code,
                                      test::last_lines(process_->errors(), kLastLines)));
    }
    take_log();
  } catch (const std::exception&) {
    bad_ends_.push_back(fmt::format("{} did not end within {} s after SIGTERM: {}",
                                    name(),
                                    kEndMax.count(),
                                    test::last_lines(process_->errors(), kLastLines)));
    kill();
  }
}

void Worker::look_after() {
  if (!process_ || asked_to_end_ || process_->running()) return;
  bad_ends_.push_back(fmt::format("{} ended by itself with {}: {}",
                                  name(),
                                  process_->wait(),
                                  test::last_lines(process_->errors(), kLastLines)));
  take_log();
  start();
}

void Worker::take_log() {
  std::istringstream lines{process_->errors()};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('{')) bad_lines_.push_back(name() + ": " + line);
  }
  if (!settings_.logs.empty()) {
    std::filesystem::create_directories(settings_.logs);
    std::ofstream file{settings_.logs / fmt::format("worker-{}.log", settings_.number),
                       std::ios::app};
    file << process_->errors();
  }
  process_.reset();
  asked_to_end_ = false;
}

}  // namespace pawl::soak
