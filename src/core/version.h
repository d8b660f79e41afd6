// The release that this is. PAWL_VERSION comes from the project's CMakeLists.txt.
#pragma once

#include <string_view>

namespace pawl {

inline constexpr std::string_view kVersion = PAWL_VERSION;

}  // namespace pawl
