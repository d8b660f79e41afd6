#pragma once

#include "pawl/cli/invocation.h"

namespace pawl::cli {

/// `pawl reconcile`: proves from the database (and Kafka's offsets) that a consumer lost nothing.
void add_reconcile(CLI::App& app, Invocation& invocation);

}  // namespace pawl::cli
