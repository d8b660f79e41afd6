#include "pawl/postgres/conninfo.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};
using OptionsHandle = std::unique_ptr<PQconninfoOption, FreeOptions>;

constexpr std::array<std::string_view, 2> kSecrets{"password", "sslpassword"};
constexpr std::string_view kStars = "***";

Conninfo to_list(const OptionsHandle& options) {
  Conninfo list;
  for (const PQconninfoOption* option = options.get(); option && option->keyword; ++option) {
    if (option->val) list.emplace_back(option->keyword, option->val);
  }
  return list;
}

bool is_uri(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-._~/:,"}.find(c) != std::string_view::npos;
}

std::string quoted(std::string_view text) {
  const bool plain = !text.empty() && std::ranges::all_of(text, is_plain);
  if (plain) return std::string{text};
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + '\'';
}

bool is_secret(std::string_view name) {
  return std::ranges::find(kSecrets, name) != kSecrets.end();
}

bool fits_authority(std::string_view host) {
  return host.find_first_of("/,:") == std::string_view::npos;
}

/// postgresql://user:***@host:port/database?everything=else
std::string as_uri(const Conninfo& options) {
  const std::string* host = find_option(options, "host");
  const bool in_authority = host && fits_authority(*host);
  std::string user, place, path, rest;
  for (const auto& [name, value] : options) {
    if (name == "user") {
      user = percent_encoded(value) + user;
    } else if (name == "password") {
      user += ":" + std::string{kStars};
    } else if (name == "host" && in_authority) {
      place = percent_encoded(value) + place;
    } else if (name == "port" && in_authority) {
      place += ':' + value;
    } else if (name == "dbname") {
      path = '/' + percent_encoded(value);
    } else {
      rest += rest.empty() ? '?' : '&';
      rest += name + '=' + (is_secret(name) ? std::string{kStars} : percent_encoded(value));
    }
  }
  return "postgresql://" + user + (user.empty() ? "" : "@") + place + path + rest;
}

enum class Secrets { shown, starred };

std::string as_pairs(const Conninfo& options, Secrets secrets) {
  std::string pairs;
  for (const auto& [name, value] : options) {
    if (!pairs.empty()) pairs += ' ';
    const bool hidden = secrets == Secrets::starred && is_secret(name);
    pairs += name + '=' + (hidden ? std::string{kStars} : quoted(value));
  }
  return pairs;
}

std::string option_or_default(const Conninfo& options,
                              const Conninfo& defaults,
                              std::string_view name,
                              std::string_view otherwise) {
  for (const Conninfo* list : {&options, &defaults}) {
    const std::string* value = find_option(*list, name);
    if (value && !value->empty()) return *value;
  }
  return std::string{otherwise};
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_plain(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kHex[byte >> 4];
    encoded += kHex[byte & 15];
  }
  return encoded;
}

std::optional<Conninfo> parse_conninfo(const std::string& url) {
  char* words = nullptr;
  const OptionsHandle options{PQconninfoParse(url.c_str(), &words)};
  PQfreemem(words);
  if (!options) return std::nullopt;
  return to_list(options);
}

Conninfo conninfo_defaults() {
  return to_list(OptionsHandle{PQconndefaults()});
}

std::string to_conninfo(const Conninfo& options) {
  return as_pairs(options, Secrets::shown);
}

const std::string* find_option(const Conninfo& options, std::string_view name) {
  const auto it = std::ranges::find(options, name, &Conninfo::value_type::first);
  return it == options.end() ? nullptr : &it->second;
}

std::string describe_target(const std::string& url) {
  const auto options = parse_conninfo(url);
  if (!options) return "(unreadable database url)";
  const Conninfo defaults = conninfo_defaults();
  const std::string address = option_or_default(*options, defaults, "hostaddr", "(local socket)");
  const std::string user = option_or_default(*options, defaults, "user", "(system user)");
  return option_or_default(*options, defaults, "host", address) + ':' +
         option_or_default(*options, defaults, "port", "5432") + '/' +
         option_or_default(*options, defaults, "dbname", user) + " as " + user;
}

std::string redact_url(const std::string& url) {
  const auto options = parse_conninfo(url);
  if (!options) return url.empty() ? "" : std::string{kStars};
  return is_uri(url) ? as_uri(*options) : as_pairs(*options, Secrets::starred);
}

}  // namespace pawl::postgres
