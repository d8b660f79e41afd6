// Dead letters that were kept long enough: written to an archive, then deleted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pawl/dead_letters/filter.h"
#include "pawl/postgres/connection.h"

namespace pawl::dead_letters {

/// Where letters are written before they are deleted.
class Archive {
 public:
  virtual ~Archive() = default;
  /// `lines`: export_line() each, with their ends. Returns when they are durable. Throws Failure
  /// with code kArchiveFailed, and then as good as nothing was written.
  virtual void append(std::string_view lines) = 0;
};

inline constexpr std::string_view kArchiveFailed = "archive";

struct Expiry {
  Filter filter;    // which ones
  std::string who;  // for the audit, with the reason
  std::string reason;
  Archive* archive = nullptr;  // null: they are deleted without one
};

/// What one transaction handles at most; at least one letter, whatever its size.
struct ExpiryBounds {
  std::int64_t letters = 1000;
  std::int64_t bytes = 4 << 20;  // keys, headers and payloads
};

/// How many were deleted, by what had become of them.
struct Expired {
  std::int64_t dead = 0;
  std::int64_t redriven = 0;
  std::int64_t discarded = 0;

  [[nodiscard]] std::int64_t total() const { return dead + redriven + discarded; }
  Expired& operator+=(const Expired& more);
};

/// Deletes some of those that fit, the oldest first, in one transaction with one row of audit
/// (action "dead.expire") and with what reconcile counts; before that they are archived. Empty:
/// another process is deleting letters of this consumer right now, nothing was done. None deleted:
/// none is left. Dying between the archive and the commit leaves letters in both places, and the
/// next call archives them again; none is ever in neither. Throws Failure: nothing was deleted,
/// unless the commit's answer was lost.
std::optional<Expired> expire_some(postgres::Connection& connection,
                                   const Expiry& expiry,
                                   const ExpiryBounds& bounds = {});

}  // namespace pawl::dead_letters
