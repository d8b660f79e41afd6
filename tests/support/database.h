// A fresh, migrated database for each test, on one private PostgreSQL for the whole test program.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "pawl/postgres/connection.h"
#include "pawl/postgres/temporary_server.h"

namespace pawl::test {

class TcpGate;

/// The server that all tests of this program share: started at the first call, gone when the
/// program ends. Tests that kill the server make a postgres::TemporaryServer of their own.
postgres::TemporaryServer& shared_postgres();

/// A migrated database of its own, dropped (whoever is connected) at the end. One thread at a time.
class Database {
 public:
  /// On the shared server: a copy of a template that is migrated once, some 30 ms. Throws Failure.
  Database();
  /// On another server: migrated from scratch, and left there for the server's end. Throws Failure.
  explicit Database(postgres::TemporaryServer& server);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// As superuser through the socket.
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// Through the gate, which forwards to our server from now on. The server is not the shared one
  /// and has settings.tcp (std::logic_error otherwise).
  [[nodiscard]] std::string url_through(TcpGate& gate) const;
  /// A new connection; `application_name` is what pg_stat_activity shows.
  [[nodiscard]] postgres::Connection connect(std::string application_name = "test") const;

  /// One statement on a connection that is kept for this. Results are binary: cast to what you
  /// read.
  postgres::Result execute(const std::string& sql, const postgres::Parameters& parameters = {});
  /// The first column of the one row that a query gives: a count, a sum. Cast it to bigint.
  [[nodiscard]] std::int64_t number(const std::string& sql,
                                    const postgres::Parameters& parameters = {});
  /// The server was restarted: the next execute() connects again.
  void reconnect() noexcept { connection_.reset(); }

 private:
  std::string name_;
  std::string url_;
  postgres::TemporaryServer& server_;
  bool shared_ = false;
  std::unique_ptr<postgres::Connection> connection_;
};

/// For tests that need nothing but a database.
class DatabaseFixture : public testing::Test {
 protected:
  [[nodiscard]] const std::string& url() const noexcept { return database_.url(); }
  Database& database() noexcept { return database_; }

 private:
  Database database_;
};

}  // namespace pawl::test
