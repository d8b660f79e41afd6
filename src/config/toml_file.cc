#include "pawl/config/toml_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "pawl/config/text_file.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include "toml++/toml.h"

namespace pawl::config {
namespace {

RawValue raw_value(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  if (node.is_floating_point()) return OtherType{"a number with a fraction"};
  if (node.is_array()) return OtherType{"a list"};
  if (node.is_table()) return EmptySection{};
  return OtherType{"a date or time"};
}

void flatten(const toml::table& table,
             const std::string& prefix,
             const std::string& path,
             Layer& into) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string{key.str()};
    if (const auto* child = node.as_table(); child && !child->empty()) {
      flatten(*child, name + '.', path, into);
      continue;
    }
    const std::string where = fmt::format("{}:{}", path, node.source().begin.line);
    into.push_back({name, where, where, raw_value(node), node.source().begin.line});
  }
}

}  // namespace

Layer read_toml_file(const std::string& path, std::vector<Fault>& faults) {
  const auto content = read_text_file(path);
  if (!content) {
    faults.push_back({path,
                      fmt::format("cannot read the configuration file: {}", content.error()),
                      "a readable TOML file",
                      "check the path given with --config"});
    return {};
  }
  const toml::parse_result result = toml::parse(std::string_view{*content}, path);
  if (!result) {
    const toml::parse_error& error = result.error();
    faults.push_back(
        {fmt::format("{}:{}:{}", path, error.source().begin.line, error.source().begin.column),
         fmt::format("not valid TOML: {}", error.description()),
         "key = value lines under [section] headings",
         "texts, durations and sizes stand in quotes"});
    return {};
  }
  Layer found;
  flatten(result.table(), "", path, found);
  // toml++ keeps keys sorted; faults read better in the order of the file.
  std::ranges::stable_sort(found, {}, &Found::line);
  return found;
}

}  // namespace pawl::config
