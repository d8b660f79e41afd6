// Brings a database to the schema that this program needs, and back.
#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pawl/postgres/migrations.h"

namespace pawl::postgres {

/// Who holds the lock that lets one migrate at a time.
struct MigrationLockHolder {
  int pid;
  std::string application_name;
  std::string user;
  std::string client;  // address, or "local socket"
  std::string since;   // when its session began, "2026-01-31 12:00:00 UTC"
};

/// What a person at the terminal wants to see. Called on the calling thread; any may be empty.
struct MigrationObserver {
  std::function<void(const Migration&)> begins;
  std::function<void(const Migration&, std::chrono::milliseconds)> done;
  /// At once when the lock is taken, then about once a second; the time waited so far.
  std::function<void(const MigrationLockHolder&, std::chrono::milliseconds)> waits;
};

struct MigratorSettings {
  std::string application_name = "pawl migrate";
  std::chrono::milliseconds lock_wait_max{
      60'000};  // for another migrate; then Failure "migration_locked"
};

/// Plain libpqxx; a connection per call, closed at its end. Each step runs in a transaction of its
/// own together with its row in pawl.schema_migration, so a killed migrate leaves whole steps. A
/// step waits 1 s at most for a table's lock, so that others do not queue up behind it, and is
/// tried again a few times. All calls throw Failure. One thread at a time.
class Migrator {
 public:
  /// `migrations` must outlive this object. Versions must rise (std::logic_error).
  Migrator(std::string url, std::span<const Migration> migrations, MigratorSettings settings = {});

  /// Changes nothing; works on an empty database.
  [[nodiscard]] std::vector<MigrationStatus> status();

  /// Applies what is missing; refuses a contradicting history (check_history). Returns how many
  /// steps were applied. When two run at once, the second waits, then finds nothing to do.
  int up(const MigrationObserver& observer = {});

  /// Takes steps above `to_version` back, newest first; returns how many. `to_version` is 0 or a
  /// known version. At 0 the table schema_migration goes too, and the schema pawl, unless somebody
  /// else keeps something in it: nothing of ours is left.
  int down(int to_version, const MigrationObserver& observer = {});

 private:
  std::string url_;
  std::span<const Migration> migrations_;
  MigratorSettings settings_;
};

}  // namespace pawl::postgres
