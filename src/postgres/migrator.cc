#include "pawl/postgres/migrator.h"

#include <algorithm>
#include <ranges>
#include <stdexcept>

#include "pawl/core/clock.h"
#include "pawl/core/failure.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/failure.h"
#include "pawl/postgres/migrator_session.h"

namespace pawl::postgres {
namespace {

using std::chrono::milliseconds;

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Runs `work` and turns libpqxx's exceptions around. Migrations carry no payload, so the server's
/// words may be shown.
template <typename Work>
auto guarded(const std::string& url, Work work) {
  const std::string where = "migrate " + describe_target(url) + ": ";
  try {
    return work();
  } catch (const pqxx::broken_connection& error) {
    throw Failure(Remedy::reconnect_and_rerun,
                  std::string{kConnectionLost},
                  where + without_line_end(error.what()));
  } catch (const pqxx::sql_error& error) {
    throw Failure(remedy_of(error.sqlstate()),
                  error.sqlstate(),
                  where + error.sqlstate() + ' ' + without_line_end(error.what()));
  }
}

void run(MigratorSession& session,
         const Migration& migration,
         MigrationDirection direction,
         const MigrationObserver& observer) {
  if (observer.begins) observer.begins(migration);
  const SteadyTime begin = std::chrono::steady_clock::now();
  session.run(migration, direction);
  const auto took = std::chrono::steady_clock::now() - begin;
  if (observer.done) observer.done(migration, std::chrono::duration_cast<milliseconds>(took));
}

}  // namespace

Migrator::Migrator(std::string url,
                   std::span<const Migration> migrations,
                   MigratorSettings settings)
    : url_(std::move(url)), migrations_(migrations), settings_(std::move(settings)) {
  const auto out_of_order = std::ranges::adjacent_find(
      migrations_, [](const Migration& a, const Migration& b) { return a.version >= b.version; });
  if (out_of_order != migrations_.end()) {
    throw std::logic_error("migration after " + file_name(*out_of_order) +
                           ": expected a higher version");
  }
}

std::vector<MigrationStatus> Migrator::status() {
  return guarded(url_, [&] {
    MigratorSession session{url_, settings_.application_name};
    return compare(migrations_, session.applied());
  });
}

int Migrator::up(const MigrationObserver& observer) {
  return guarded(url_, [&] {
    MigratorSession session{url_, settings_.application_name};
    session.take_lock(settings_.lock_wait_max, observer);
    session.ensure_table();
    const auto history = compare(migrations_, session.applied());
    check_history(history);
    int count = 0;
    for (const Migration& migration : migrations_) {
      const auto status = std::ranges::find(history, migration.version, &MigrationStatus::version);
      if (status->applied) continue;
      run(session, migration, MigrationDirection::up, observer);
      ++count;
    }
    return count;
  });
}

int Migrator::down(int to_version, const MigrationObserver& observer) {
  const bool exists =
      std::ranges::find(migrations_, to_version, &Migration::version) != migrations_.end();
  if (to_version != 0 && !exists) {
    throw Failure(
        Remedy::give_up,
        "migration_unknown",
        "expected migrate down --to 0 or a known version, got: " + std::to_string(to_version));
  }
  return guarded(url_, [&] {
    MigratorSession session{url_, settings_.application_name};
    session.take_lock(settings_.lock_wait_max, observer);
    const auto history = compare(migrations_, session.applied());
    check_history(history);
    int count = 0;
    for (const Migration& migration : migrations_ | std::views::reverse) {
      const auto status = std::ranges::find(history, migration.version, &MigrationStatus::version);
      if (migration.version <= to_version || !status->applied) continue;
      run(session, migration, MigrationDirection::down, observer);
      ++count;
    }
    if (to_version == 0) session.drop_table();
    return count;
  });
}

}  // namespace pawl::postgres
