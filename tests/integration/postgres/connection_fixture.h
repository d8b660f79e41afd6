// Connections to one private server for all tests of a program, and verbs for what comes back.
#pragma once

#include <gmock/gmock.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "pawl/postgres/connection.h"
#include "pawl/postgres/temporary_server.h"
#include "pawl/postgres/wait.h"

namespace pawl::postgres {

class ConnectionTest : public testing::Test {
 protected:
  static TemporaryServer& server() {
    static TemporaryServer instance;
    return instance;
  }

  static std::unique_ptr<Connection> connect() {
    return std::make_unique<Connection>(ConnectionSettings{.url = server().url(),
                                                           .application_name = "connection_test",
                                                           .session = engine_session(0.5)});
  }

  /// The next reply, waited for.
  static Reply next(Connection& connection) {
    const std::array<Connection*, 1> list{&connection};
    for (;;) {
      if (auto reply = connection.receive()) return std::move(*reply);
      if (!wait_until_readable(list, kNoFd, std::chrono::seconds{20})) {
        throw std::runtime_error("no reply within 20 s");
      }
    }
  }

  /// All outstanding replies as words: a command tag, "23505", "aborted", "synced".
  static std::vector<std::string> replies(Connection& connection) {
    std::vector<std::string> words;
    while (connection.outstanding() > 0) words.push_back(word_of(next(connection)));
    return words;
  }

  static std::string word_of(const Reply& reply) {
    if (const auto* result = std::get_if<Result>(&reply)) return std::string{result->command_tag()};
    if (const auto* failure = std::get_if<Failure>(&reply)) return failure->code();
    return std::holds_alternative<Aborted>(reply) ? "aborted" : "synced";
  }

  static Parameters one(std::int64_t value) {
    Parameters parameters;
    parameters.add(value);
    return parameters;
  }
};

}  // namespace pawl::postgres
