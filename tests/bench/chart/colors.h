// The charts' colours, dark enough on white for small type.
#pragma once

#include <string_view>

namespace pawl::bench {

inline constexpr std::string_view kInk = "#1f2328";
inline constexpr std::string_view kMuted = "#59636e";
inline constexpr std::string_view kAxis = "#818b98";
inline constexpr std::string_view kGrid = "#e7ebef";
inline constexpr std::string_view kStrong = "#0b5cad";
inline constexpr std::string_view kSoft = "#a9cbef";
inline constexpr std::string_view kWorker = "#c2571a";
inline constexpr std::string_view kPostgres = "#2f6f9f";
inline constexpr std::string_view kBroker = "#66727f";

}  // namespace pawl::bench
