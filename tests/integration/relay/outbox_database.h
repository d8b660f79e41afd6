// A migrated database of a test's own, and writers that put events into its outbox.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pawl/core/outbox_rows.h"
#include "pawl/outbox/committed_batches.h"
#include "pawl/postgres/connection.h"

namespace pawl::test {

/// One server for the whole test program, a fresh database each. One thread.
class OutboxDatabase {
 public:
  OutboxDatabase();

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::unique_ptr<postgres::Connection> connect(
      const std::string& name = "test") const;
  /// Runs one statement on a connection of its own for such things.
  postgres::Result sql(const std::string& statement);
  [[nodiscard]] std::int64_t number(const std::string& query) { return sql(query).integer(0, 0); }
  /// Ends all connections with that application name; returns how many.
  std::int64_t terminate(const std::string& application_name);

 private:
  std::string url_;
  std::unique_ptr<postgres::Connection> connection_;
};

/// Writes as an engine does: a number of its own transaction, rows, commit. Its events' payloads
/// are "key:1", "key:2", … in commit order. One thread.
class OutboxWriter {
 public:
  explicit OutboxWriter(const OutboxDatabase& database)
      : connection_(database.connect("test writer")) {}

  std::int64_t begin();  // draws the number
  void emit(const std::string& key, int count = 1);
  /// Returns what was committed, as an engine tells the relay.
  outbox::CommittedBatch commit();
  void roll_back();
  /// All in one.
  std::int64_t write(const std::string& key, int count = 1);
  /// How many events of each key were committed.
  [[nodiscard]] const std::map<std::string, int>& committed() const { return committed_; }
  [[nodiscard]] postgres::Connection& connection() { return *connection_; }

 private:
  std::unique_ptr<postgres::Connection> connection_;
  std::int64_t batch_ = 0;
  std::int32_t next_index_ = 0;
  OutboxRows rows_;  // of the present transaction
  std::map<std::string, int> committed_, emitted_;
};

}  // namespace pawl::test
