// Libraries of ours that change what a program meets, loaded before its own.
#pragma once

#include <filesystem>

namespace pawl::test {

/// See full_disk_preload.cc.
[[nodiscard]] std::filesystem::path full_disk_library();
/// See fatal_producer_preload.cc.
[[nodiscard]] std::filesystem::path fatal_producer_library();

/// See shifted_clock_preload.cc.
[[nodiscard]] std::filesystem::path shifted_clock_library();

}  // namespace pawl::test
