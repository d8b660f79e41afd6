// What `pawl status` shows.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/status_lag.h"
#include "pawl/run_control/status.h"

namespace pawl::cli {

struct StatusView {
  run_control::State state;
  std::map<std::string, Lags> lags;  // by consumer
  std::string brokers_silent;        // why there are no lags; empty: the broker was asked
};

/// One screen, 100 columns for ordinary names.
[[nodiscard]] std::vector<std::string> status_lines(const StatusView& view);
/// The same for programs; what is not known is null.
[[nodiscard]] std::string status_json(const StatusView& view);

}  // namespace pawl::cli
