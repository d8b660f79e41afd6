// How fast the disk makes something durable: what every COMMIT waits for.
#pragma once

#include <filesystem>

namespace pawl::bench {

/// The median of 200 times 8 KiB written and fdatasync'ed in that folder, in microseconds. The file
/// has its size before, as PostgreSQL's recycled WAL has. Throws std::system_error.
[[nodiscard]] double fdatasync_us(const std::filesystem::path& folder);

}  // namespace pawl::bench
