#include "pawl/observe/rotation_metrics.h"

namespace pawl::observe {
namespace {

LabelledCounter rotations(Metrics& metrics, const std::string& consumer, const char* table) {
  return {metrics,
          "pawl_rotations_total",
          "Attempts to rotate a table, by result",
          {{"consumer", consumer}, {"table", table}},
          "result",
          {"rotated"}};
}

}  // namespace

RotationMetrics::RotationMetrics(Metrics& metrics, const std::string& consumer)
    : inbox_(rotations(metrics, consumer, "inbox")),
      outbox_(rotations(metrics, consumer, "outbox")) {}

void RotationMetrics::rotation(std::string_view table, std::string_view result) {
  (table == "inbox" ? inbox_ : outbox_).add(result);
}

}  // namespace pawl::observe
