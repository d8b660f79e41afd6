// A ledger that runs, and the commands that control it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "crash/ledger_process.h"
#include "crash/programs.h"
#include "crash/world.h"
#include "support/eventually.h"

namespace pawl::test {

class ControlledLedger : public testing::Test {
 protected:
  using Json = nlohmann::json;

  [[nodiscard]] Finished pawl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pawl_program());
    arguments.insert(arguments.end(), {"--config", world_.config_file()});
    return run({.command = std::move(arguments)});
  }
  void must(std::vector<std::string> arguments) const {
    const Finished finished = pawl(std::move(arguments));
    ASSERT_EQ(finished.exit_code, 0) << finished.errors;
  }
  /// What a call with --json prints.
  [[nodiscard]] Json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Finished finished = pawl(std::move(arguments));
    EXPECT_EQ(finished.exit_code, 0) << finished.errors;
    return Json::parse(finished.output);
  }
  [[nodiscard]] const std::string& consumer() const { return world_.sources().consumer; }
  void start() { ledger_ = world_.start_ledger(); }
  void stop() {
    ledger_->signal(SIGTERM);
    EXPECT_EQ(ledger_->wait(), 0) << ledger_->describe();
  }
  /// Runs until all that was sent is done.
  void start_and_drain(std::uint64_t commands) {
    start();
    world_.produce(commands);
    ASSERT_TRUE(world_.drains()) << ledger_->describe();
  }
  [[nodiscard]] bool received_all() {
    return world_.received() == static_cast<std::int64_t>(world_.produced());
  }
  std::int64_t count(const std::string& from) {
    return world_.database().number("SELECT count(*) FROM pawl." + from);
  }

  World world_;
  std::unique_ptr<Process> ledger_;
};

}  // namespace pawl::test
