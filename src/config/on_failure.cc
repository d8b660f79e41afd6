#include "pawl/config/on_failure.h"

#include <fmt/format.h>

#include "pawl/config/setting_kinds.h"

namespace pawl::config {
namespace {

constexpr kinds::Word<OnFailure, 4> kWords{{{{"park_key", OnFailure::park_key},
                                             {"block_lane", OnFailure::block_lane},
                                             {"skip_order", OnFailure::skip_order},
                                             {"dead_letter", OnFailure::dead_letter}}}};

}  // namespace

std::optional<OnFailure> parse_on_failure(const RawValue& raw) {
  return kWords.parse(raw);
}

std::string expected_on_failure() {
  return kWords.expected();
}

std::string print_on_failure(OnFailure on_failure) {
  return kWords.print(on_failure);
}

Layer split_on_failure(std::string_view text, std::vector<Fault>& faults) {
  const std::string where{kOnFailureVariable};
  Layer found;
  while (!text.empty()) {
    const std::string_view pair = trimmed(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      faults.push_back({where,
                        fmt::format("{} is no pair", toml_quote(pair)),
                        "\"TYPE=WORD\", several separated by commas",
                        ""});
      continue;
    }
    found.push_back({std::string{kOnFailurePrefix}.append(trimmed(pair.substr(0, equals))),
                     where,
                     "environment " + where,
                     Untyped{std::string{trimmed(pair.substr(equals + 1))}}});
  }
  return found;
}

}  // namespace pawl::config
