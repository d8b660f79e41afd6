#include "pawl/dead_letters/retention.h"

#include <utility>

namespace pawl::dead_letters {
namespace {

using namespace std::chrono_literals;
using postgres::Parameters;
using postgres::Result;
using postgres::Statement;

constexpr std::chrono::milliseconds kComplaintEvery = 5min;
constexpr const char* kWho = "retention";

const Statement kNow{"retention_now",
                     "SELECT id, clock_timestamp() FROM pawl.consumer WHERE name = $1"};

}  // namespace

Retention::Retention(RetentionSettings settings, const Parts& parts)
    : settings_(std::move(settings)), parts_(parts), limiter_(parts.clock, kComplaintEvery) {
  if (!settings_.archive.empty())
    archive_.emplace(settings_.archive, settings_.consumer, parts.clock);
}

void Retention::turn() {
  Expired expired;
  try {
    expire_all(expired);
  } catch (const Failure& failure) {
    connection_.reset();
    complain(failure);
  }
  report(expired);
}

void Retention::expire_all(Expired& expired) {
  if (archive_) archive_->check();  // told long before the first letter is due
  if (!connection_) {
    connection_ = std::make_unique<postgres::Connection>(
        postgres::ConnectionSettings{.url = settings_.url,
                                     .application_name = "pawl retention",
                                     .session = {{"statement_timeout", "30s"},
                                                 {"lock_timeout", "1s"},
                                                 {"idle_in_transaction_session_timeout", "60s"}}});
  }
  const std::optional<Expiry> expiry = due();
  while (expiry && !interrupted_) {
    const std::optional<Expired> some = expire_some(*connection_, *expiry);
    if (!some || some->total() == 0) return;  // another process goes on, or none is left
    parts_.metrics.expired("dead", some->dead);
    parts_.metrics.expired("redriven", some->redriven);
    parts_.metrics.expired("discarded", some->discarded);
    expired += *some;
  }
}

// Nothing for a consumer that has never run.
std::optional<Expiry> Retention::due() {
  Parameters parameters;
  parameters.add(std::string_view(settings_.consumer));
  const Result rows = connection_->execute(kNow, parameters);
  if (rows.rows() == 0) return std::nullopt;
  return Expiry{.filter = {.consumer = static_cast<std::int16_t>(rows.integer(0, 0)),
                           .until = rows.time(0, 1) - settings_.keep},
                .who = kWho,
                .reason = settings_.reason,
                .archive = archive_ ? &*archive_ : nullptr};
}

void Retention::report(const Expired& expired) {
  if (expired.total() == 0) return;
  parts_.log.line(expired.dead > 0 ? LogLevel::warning : LogLevel::info,
                  expired.dead > 0
                      ? "dead letters were deleted because they were old; some of them nobody had "
                        "decided about (dead)"
                      : "dead letters were deleted because they were old",
                  {{"dead", expired.dead},
                   {"redriven", expired.redriven},
                   {"discarded", expired.discarded},
                   {"archive", settings_.archive}});
}

void Retention::complain(const Failure& failure) {
  const bool archive = failure.code() == kArchiveFailed;
  parts_.metrics.expiry_failed(archive ? "archive" : "database");
  const auto left_out = limiter_.admit(archive ? "archive" : "database");
  if (!left_out) return;
  parts_.log.line(archive ? LogLevel::error : LogLevel::warning,
                  "cannot delete old dead letters; tried again at the next turn",
                  {{"code", failure.code()},
                   {"failure", std::string_view{failure.what()}},
                   {"left_out", *left_out}});
}

}  // namespace pawl::dead_letters
