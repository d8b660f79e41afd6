#include "pawl/config/found.h"

#include <fmt/format.h>

#include "pawl/config/text_values.h"

namespace pawl::config {

const std::string* text_of(const RawValue& raw) {
  if (const auto* text = std::get_if<std::string>(&raw)) return text;
  if (const auto* untyped = std::get_if<Untyped>(&raw)) return &untyped->text;
  return nullptr;
}

std::optional<std::int64_t> integer_of(const RawValue& raw) {
  if (const auto* number = std::get_if<std::int64_t>(&raw)) return *number;
  if (const auto* untyped = std::get_if<Untyped>(&raw)) return parse_integer(untyped->text);
  return std::nullopt;
}

std::string describe(const RawValue& raw) {
  if (const auto* text = text_of(raw)) return toml_quote(*text);
  if (const auto* flag = std::get_if<bool>(&raw)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&raw)) return fmt::to_string(*number);
  if (const auto* other = std::get_if<OtherType>(&raw)) return other->name;
  return "an empty section";
}

}  // namespace pawl::config
