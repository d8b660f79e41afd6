// Which Protobuf we are built with.
#pragma once

#include <string>

namespace pawl::codec {

/// "3.21.12", of the headers; Protobuf itself refuses to start with a library that does not fit.
/// Thread-safe.
[[nodiscard]] std::string library_version();

}  // namespace pawl::codec
