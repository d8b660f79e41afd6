#include "pawl/observe/dead_letter_metrics.h"

namespace pawl::observe {

DeadLetterMetrics::DeadLetterMetrics(Metrics& metrics, const std::string& consumer)
    : expired_(metrics,
               "pawl_dead_letters_expired_total",
               "Dead letters deleted because they were old, by what had become of them",
               {{"consumer", consumer}},
               "state",
               {"dead", "redriven", "discarded"}),
      failures_(metrics,
                "pawl_dead_letter_expiry_failures_total",
                "Times that old dead letters could not be deleted, by what was in the way",
                {{"consumer", consumer}},
                "reason",
                {"archive", "database"}) {}

void DeadLetterMetrics::expired(std::string_view state, std::int64_t letters) {
  expired_.add(state, static_cast<double>(letters));
}

void DeadLetterMetrics::expiry_failed(std::string_view reason) {
  failures_.add(reason);
}

}  // namespace pawl::observe
