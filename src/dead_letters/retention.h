// Keeps dead letters no longer than they are to be kept.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "pawl/core/clock.h"
#include "pawl/dead_letters/archive_folder.h"
#include "pawl/dead_letters/expiry.h"
#include "pawl/observe/dead_letter_metrics.h"
#include "pawl/observe/log.h"
#include "pawl/observe/log_limiter.h"

namespace pawl::dead_letters {

struct RetentionSettings {
  std::string url;                 // of the database; never logged
  std::string consumer;            // whose letters
  std::chrono::milliseconds keep;  // since the last failure, by the database's clock
  std::string reason;              // for the audit
  std::string archive;             // folder; empty: none
};

/// One per process, owned by main and turned by a thread of its own. Any number of processes may
/// have one: they take turns, a transaction each. No failure ends it: it says so and tries again at
/// the next turn; meanwhile letters stay.
class Retention {
 public:
  struct Parts {
    observe::DeadLetterMetrics& metrics;
    observe::Log log;
    const Clock& clock;
  };
  Retention(RetentionSettings settings, const Parts& parts);

  /// Deletes what has become too old. Does not throw.
  void turn();
  /// A turn under way ends behind its present transaction, later ones do nothing. From any thread.
  void interrupt() noexcept { interrupted_ = true; }

 private:
  void expire_all(Expired& expired);
  [[nodiscard]] std::optional<Expiry> due();
  void report(const Expired& expired);
  void complain(const Failure& failure);

  RetentionSettings settings_;
  Parts parts_;
  observe::LogLimiter limiter_;
  std::optional<ArchiveFolder> archive_;
  std::unique_ptr<postgres::Connection> connection_;  // of the turning thread
  std::atomic<bool> interrupted_{false};
};

}  // namespace pawl::dead_letters
