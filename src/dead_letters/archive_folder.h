// An archive of dead letters in files: one for each consumer and day.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pawl/core/clock.h"
#include "pawl/dead_letters/expiry.h"

namespace pawl::dead_letters {

/// `{consumer}-dead-letters-2026-11-22.jsonl` (the day of archiving, UTC) in a folder that must be
/// there. Files are made for their owner alone (mode 0600), because they hold payloads. One writer
/// at a time (flock): of a file, and never in the middle of a line: what a crash or a full disk
/// left half-written is cut off before the next letter. Not thread-safe.
class ArchiveFolder final : public Archive {
 public:
  /// Touches nothing yet. `clock` outlives it.
  ArchiveFolder(std::filesystem::path folder, std::string consumer, const Clock& clock)
      : folder_(std::move(folder)), consumer_(std::move(consumer)), clock_(clock) {}

  void append(std::string_view lines) override;
  /// Whether files can be made there, long before the first letter is due. Throws Failure as
  /// append() does.
  void check() const;
  /// Where append() writes today.
  [[nodiscard]] std::filesystem::path file() const;

 private:
  std::filesystem::path folder_;
  std::string consumer_;
  const Clock& clock_;
};

}  // namespace pawl::dead_letters
