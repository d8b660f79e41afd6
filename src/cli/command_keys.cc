#include "pawl/cli/command_keys.h"

#include <cctype>
#include <nlohmann/json.hpp>

namespace pawl::cli {
namespace {

// debit_account_id -> debitAccountId, as Protobuf's JSON form has it.
std::string json_name(std::string_view field) {
  std::string name;
  bool raise = false;
  for (const char c : field) {
    if (c == '_') {
      raise = true;
      continue;
    }
    name += raise ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    raise = false;
  }
  return name;
}

}  // namespace

std::optional<std::string> key_of(std::string_view type,
                                  std::string_view json,
                                  const KeyFields& fields) {
  const auto field = fields.find(type);
  if (field == fields.end()) return std::nullopt;
  const auto document = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return std::nullopt;
  for (const std::string& name : {json_name(field->second), field->second}) {
    const auto value = document.find(name);
    if (value == document.end()) continue;
    if (value->is_string()) return value->get<std::string>();
    if (value->is_number_integer()) return value->dump();
  }
  return std::nullopt;
}

}  // namespace pawl::cli
