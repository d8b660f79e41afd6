// What a temporary server needs of the machine before it can start. Private to this folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pawl/postgres/server_guard.h"

namespace pawl::postgres {

/// Whom the server runs as: empty when we are not root, else `postgres` or `nobody`. Throws Failure
/// when there is neither.
[[nodiscard]] std::optional<Account> unprivileged_account();

/// A fresh folder of `owner` that nobody else can enter, with a path short enough for a socket
/// inside.
[[nodiscard]] std::filesystem::path make_server_folder(const std::optional<Account>& owner);

/// The kernel picks it. Somebody could take it before the server does; the server's log then says
/// so.
[[nodiscard]] int free_port();

[[nodiscard]] std::string random_password();

/// A file that only `owner` can read.
void write_secret(const std::filesystem::path& file,
                  const std::string& text,
                  const std::optional<Account>& owner);

}  // namespace pawl::postgres
