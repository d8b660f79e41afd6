// Which librdkafka runs.
#pragma once

#include <string>

namespace pawl::kafka {

/// "2.0.2", of the library that is loaded. Thread-safe.
[[nodiscard]] std::string library_version();

}  // namespace pawl::kafka
