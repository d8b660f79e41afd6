// The connection of one `migrate` and the SQL it speaks. Private to this folder. Speaks libpqxx 6.4
// and 7.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "pawl/postgres/migrator.h"

namespace pawl::postgres {

enum class MigrationDirection { up, down };

/// pqxx's exceptions pass through its members; Migrator turns them around.
class MigratorSession {
 public:
  MigratorSession(const std::string& url, const std::string& application_name);

  /// The session's advisory lock; ends with the connection. Waits `wait_max` at most.
  void take_lock(std::chrono::milliseconds wait_max, const MigrationObserver& observer);
  void ensure_table();
  [[nodiscard]] std::vector<AppliedMigration> applied();
  /// One transaction; run again when it waits too long for a lock.
  void run(const Migration& migration, MigrationDirection direction);
  /// schema_migration, and the schema if it is empty then.
  void drop_table();

 private:
  bool try_lock();
  bool wait_for_lock();
  [[nodiscard]] std::optional<MigrationLockHolder> lock_holder();
  void run_once(const Migration& migration, MigrationDirection direction);

  pqxx::connection connection_;
};

}  // namespace pawl::postgres
