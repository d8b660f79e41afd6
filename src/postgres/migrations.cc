#include "pawl/postgres/migrations.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "pawl/core/failure.h"

namespace pawl::postgres {
namespace {

constexpr std::size_t kDigits = 4;

std::string file_name(int version, const std::string& name) {
  std::string digits = std::to_string(version);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return digits + '_' + name;
}

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr)) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) (hex += kHex[digest[i] >> 4]) += kHex[digest[i] & 15];
  return hex;
}

Failure refuse(const char* code, const std::string& text) {
  return {Remedy::give_up, code, text};
}

void check_known(const MigrationStatus& status) {
  if (status.known) return;
  const std::string before = std::to_string(status.version - 1);
  throw refuse("migration_unknown",
               "the database has migration " + file_name(status.version, status.name) +
                   " (applied " + status.applied->applied_at + " by " + status.applied->applied_by +
                   "), which this program does not know: use the newer program that applied it, "
                   "or take it back with that one (pawl migrate down --to " +
                   before + ")");
}

void check_sum(const MigrationStatus& status) {
  if (status.checksum_ok) return;
  const std::string file = file_name(status.version, status.name) + ".up.sql";
  throw refuse("migration_changed",
               "migration " + file + " was changed after it had been applied (" +
                   status.applied->applied_at + " by " + status.applied->applied_by +
                   "): sha256 in the database " + status.applied->sha256 + ", in this program " +
                   status.sha256 +
                   "; restore the file as it was and put the change into a new migration");
}

// Names are those of our files: letters, digits and underscores.
std::string note_of(const Migration& migration) {
  return "INSERT INTO pawl.schema_migration (version, name, sha256, applied_by, duration) VALUES "
         "(" +
         std::to_string(migration.version) + ", '" + migration.name + "', '" + checksum(migration) +
         "', session_user || ' (pawl migrate print)', '0');";
}

}  // namespace

std::string file_name(const Migration& migration) {
  return file_name(migration.version, migration.name);
}

std::string checksum(const Migration& migration) {
  return sha256(migration.up);
}

std::string print(std::span<const Migration> migrations) {
  std::string text =
      std::string{"CREATE SCHEMA IF NOT EXISTS pawl;\n"} + kCreateMigrationTable + ";\n\n";
  for (const Migration& migration : migrations) {
    text += "-- " + file_name(migration) + " (sha256 " + checksum(migration) + ")\n";
    text += migration.up;
    if (!text.ends_with('\n')) text += '\n';
    text += note_of(migration) + "\n\n";
  }
  return text;
}

std::vector<MigrationStatus> compare(std::span<const Migration> known,
                                     std::span<const AppliedMigration> applied) {
  std::vector<MigrationStatus> history;
  for (const Migration& migration : known) {
    const auto row = std::ranges::find(applied, migration.version, &AppliedMigration::version);
    MigrationStatus status{migration.version, migration.name, {}, true, checksum(migration), true};
    if (row != applied.end()) {
      status.applied = *row;
      status.checksum_ok = row->sha256 == status.sha256;
    }
    history.push_back(std::move(status));
  }
  for (const AppliedMigration& row : applied) {
    if (std::ranges::find(known, row.version, &Migration::version) != known.end()) continue;
    history.push_back({row.version, row.name, row, false, "", true});
  }
  std::ranges::sort(history, {}, &MigrationStatus::version);
  return history;
}

void check_history(std::span<const MigrationStatus> history) {
  const MigrationStatus* gap = nullptr;
  for (const MigrationStatus& status : history) {
    check_known(status);
    check_sum(status);
    if (!status.applied && !gap) gap = &status;
    if (!status.applied || !gap) continue;
    throw refuse("migration_order",
                 "migration " + file_name(gap->version, gap->name) +
                     " is not applied, but the later " + file_name(status.version, status.name) +
                     " is: give it a number above all that are applied, or go back first (pawl "
                     "migrate down --to " +
                     std::to_string(gap->version - 1) + ")");
  }
}

}  // namespace pawl::postgres
