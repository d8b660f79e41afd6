// What a connection string says, read by libpq itself. Private to this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pawl::postgres {

/// Option and value, in libpq's order; only those that are set.
using Conninfo = std::vector<std::pair<std::string, std::string>>;

/// Empty when libpq cannot read it. Its own words are left out: they may quote the password.
[[nodiscard]] std::optional<Conninfo> parse_conninfo(const std::string& url);

/// What libpq would take when the url does not say: PG* variables, then built-in defaults.
[[nodiscard]] Conninfo conninfo_defaults();

/// name=value pairs, secrets included. Later ones win over earlier ones of the same name.
[[nodiscard]] std::string to_conninfo(const Conninfo& options);

/// For any part of a postgresql:// URL.
[[nodiscard]] std::string percent_encoded(std::string_view text);

[[nodiscard]] const std::string* find_option(const Conninfo& options, std::string_view name);

}  // namespace pawl::postgres
