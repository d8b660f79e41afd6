// A consumer with dead letters, and `pawl dead` on its database.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "crash/programs.h"
#include "support/database.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace pawl::test {

class DeadLettersTest : public testing::Test {
 protected:
  using Json = nlohmann::json;

  DeadLettersTest() {
    database_.execute("INSERT INTO pawl.consumer (name) VALUES ('ledger'), ('other')");
  }

  /// `count` letters of consumer `ledger`, numbered from `first`: the id ends in the number, which
  /// is also the offset and the minutes of the last failure after 2026-11-22 00:00. Key "k0" to
  /// "k9" by turns.
  void bury(int count, int first, const std::string& type, std::int64_t fingerprint) {
    postgres::Parameters parameters;
    parameters.add(std::int64_t{first});
    parameters.add(std::int64_t{first + count - 1});
    parameters.add(type);
    parameters.add(fingerprint);
    database_.execute(R"(
INSERT INTO pawl.dead_letter (id, consumer, topic, partition, record_offset, message_id, type, key, headers, payload, class,
                              code, text, fingerprint, attempts, first_failed_at, last_failed_at)
SELECT lpad(n::text, 32, '0')::uuid, 1, 'ledger.commands', 3, n, gen_random_uuid(), $3, convert_to('k' || n % 10, 'UTF8'),
       '[]', 'not a message', 'handler', 'threw', 'no account ' || n, $4, 5,
       timestamptz '2026-11-21 00:00Z', timestamptz '2026-11-22 00:00Z' + n * interval '1 minute'
FROM generate_series($1, $2) n)",
                      parameters);
  }

  [[nodiscard]] Finished pawl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pawl_program());
    return run(
        {.command = std::move(arguments),
         .environment = {{"DATABASE_URL", database_.url()}, {"PAWL_CONSUMER__NAME", "ledger"}}});
  }
  [[nodiscard]] Finished dead(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "dead");
    return pawl(std::move(arguments));
  }
  /// What a call with --json prints.
  [[nodiscard]] Json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Finished finished = pawl(std::move(arguments));
    EXPECT_EQ(finished.exit_code, 0) << finished.errors;
    return Json::parse(finished.output);
  }
  [[nodiscard]] std::int64_t in_state(const std::string& state) {
    return database_.number("SELECT count(*) FROM pawl.dead_letter WHERE state = '" + state + "'");
  }
  static std::string letter_id(int n) {
    const std::string digits = std::to_string(n);
    return "00000000-0000-0000-0000-" + std::string(12 - digits.size(), '0') + digits;
  }

  Database database_;
};

}  // namespace pawl::test
