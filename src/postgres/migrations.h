// The database's schema as numbered steps, compiled into the programs. Words of DESIGN §5:
// schema_migration.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pawl::postgres {

/// One step forward and its way back. A step that was applied anywhere is never changed again: a
/// change is a new step.
struct Migration {
  int version;  // 1, 2, …; files are named 0001_name.up.sql and 0001_name.down.sql
  std::string name;
  std::string up;
  std::string down;
};

/// Those of migrations/, ascending. Thread-safe.
[[nodiscard]] std::span<const Migration> builtin_migrations();

/// "0001_pawl"
[[nodiscard]] std::string file_name(const Migration& migration);

/// SHA-256 of the way up, in hex: what schema_migration keeps.
[[nodiscard]] std::string checksum(const Migration& migration);

/// The table that remembers what was applied.
inline constexpr const char* kCreateMigrationTable =
    "CREATE TABLE IF NOT EXISTS pawl.schema_migration ("
    " version integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT now(), applied_by text NOT NULL,"
    " duration interval NOT NULL)";

/// The steps' SQL with a heading each, for people who want to apply it by other means. Notes each
/// step as applied, so that the programs know.
[[nodiscard]] std::string print(std::span<const Migration> migrations);

/// A row of pawl.schema_migration.
struct AppliedMigration {
  int version;
  std::string name;
  std::string sha256;
  std::string applied_at;  // "2026-01-31 12:00:00 UTC"
  std::string applied_by;  // role and application
  std::chrono::milliseconds duration;
};

/// One line of `pawl migrate status`.
struct MigrationStatus {
  int version;
  std::string name;
  std::optional<AppliedMigration> applied;
  bool known;          // this program has it; false: the database was migrated by a newer one
  std::string sha256;  // this program's; empty when it is not known
  bool checksum_ok;    // true while not applied
};

/// Both lists side by side, ascending.
[[nodiscard]] std::vector<MigrationStatus> compare(std::span<const Migration> known,
                                                   std::span<const AppliedMigration> applied);

/// Throws Failure(give_up) where the two lists contradict each other: "migration_changed",
/// "migration_unknown", "migration_order" (a gap). The text says which, both sums, and what to do.
void check_history(std::span<const MigrationStatus> history);

}  // namespace pawl::postgres
