// A consumer in its database, and the commands that control it.
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

class RunControlTest : public testing::Test {
 protected:
  using Json = nlohmann::json;

  /// Consumer `ledger` with two partitions, and one that is named `other`.
  RunControlTest() {
    database_.execute("INSERT INTO pawl.consumer (name) VALUES ('ledger'), ('other')");
    for (const char* partition : {"0", "3"}) add_position("ledger.commands", partition);
  }
  void add_position(const std::string& topic, const std::string& partition) {
    database_.execute(
        "INSERT INTO pawl.consumer_position (consumer, topic, partition, epoch, start_offset, "
        "next_offset) VALUES (1, '" +
        topic + "', " + partition + ", 1, 0, 0)");
  }
  [[nodiscard]] Finished pawl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pawl_program());
    return run(
        {.command = std::move(arguments), .environment = {{"DATABASE_URL", database_.url()}}});
  }
  /// What a call with --json prints.
  [[nodiscard]] Json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Finished finished = pawl(std::move(arguments));
    EXPECT_EQ(finished.exit_code, 0) << finished.errors;
    return Json::parse(finished.output);
  }
  [[nodiscard]] std::int64_t count(const std::string& from) {
    return database_.number("SELECT count(*) FROM pawl." + from);
  }

  Database database_;
};

}  // namespace pawl::test
