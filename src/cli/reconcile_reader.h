// Fills the figures: one consistent reading of the database, then Kafka's offsets.
#pragma once

#include <optional>
#include <string>

#include "pawl/cli/reconcile_figures.h"
#include "pawl/kafka/settings.h"

namespace pawl::cli {

struct ReconcileQuestion {
  std::string database_url;
  std::string consumer;
  bool ledger = false;                          // look into the reference domain's books, too
  bool gaps_are_lost = false;                   // see ReconcileFigures
  std::optional<kafka::KafkaSettings> kafka{};  // empty: offsets are not asked for
};

/// One REPEATABLE READ transaction, so that a running consumer does not disturb it; it changes
/// nothing and lets rotations wait while it reads. Reads inbox, outbox and books whole: seconds for
/// millions of rows. Throws Failure, or Complaint when the schema is missing or there is no such
/// consumer.
[[nodiscard]] ReconcileFigures read_figures(const ReconcileQuestion& question);

}  // namespace pawl::cli
