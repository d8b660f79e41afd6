// Finds PostgreSQL's server programs, which distributions keep out of PATH. Private to this folder.
#pragma once

#include <filesystem>

namespace pawl::postgres {

/// The folder with `initdb` and `postgres`: `wanted` if given, else pg_config --bindir, PATH, the
/// newest /usr/lib/postgresql/*/bin. Throws Failure(give_up), which says where it looked and what
/// to install.
[[nodiscard]] std::filesystem::path find_server_binaries(const std::filesystem::path& wanted);

}  // namespace pawl::postgres
