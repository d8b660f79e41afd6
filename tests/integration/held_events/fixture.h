// A database with held events, and `pawl outbox` on it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "crash/programs.h"
#include "support/database.h"
#include "support/process.h"

namespace pawl::test {

class HeldEventsTest : public testing::Test {
 protected:
  using Json = nlohmann::json;

  [[nodiscard]] Finished pawl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pawl_program());
    return run(
        {.command = std::move(arguments), .environment = {{"DATABASE_URL", database_.url()}}});
  }
  [[nodiscard]] Finished outbox(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "outbox");
    return pawl(std::move(arguments));
  }
  /// What a call with --json prints.
  [[nodiscard]] Json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Finished finished = pawl(std::move(arguments));
    EXPECT_EQ(finished.exit_code, 0) << finished.errors;
    return Json::parse(finished.output);
  }
  [[nodiscard]] std::int64_t held(const std::string& condition = "true") {
    return database_.number("SELECT count(*) FROM pawl.relay_held_event WHERE " + condition);
  }

  Database database_;
};

}  // namespace pawl::test
