#include "pawl/codec/headers_json.h"

#include <stdexcept>

#include "pawl/codec/json_document.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

// `text` must be UTF-8.
void append_string(std::string& json, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  json += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20) {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    } else {
      json += c;
    }
  }
  json += '"';
}

void append_header(std::string& json,
                   std::string_view name,
                   const std::optional<std::string_view>& value) {
  json += json.size() > 1 ? ",[" : "[";
  append_string(json, is_text(name) ? name : std::string_view(as_text(name)));
  json += ',';
  if (!value) {
    json += "null";
  } else if (is_text(*value)) {
    append_string(json, *value);
  } else {
    json += "{\"base64\":\"" + base64_encoded(*value) + "\"}";
  }
  json += ']';
}

[[noreturn]] void refuse() {
  throw std::invalid_argument("these are no record's headers in JSON");
}

std::optional<std::string> value_of_json(const nlohmann::json& json) {
  if (json.is_null()) return std::nullopt;
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_object() || !json.contains("base64") || !json["base64"].is_string()) refuse();
  std::string bytes;
  if (!base64_decoded(json["base64"].get<std::string>(), bytes)) refuse();
  return bytes;
}

}  // namespace

std::vector<OwnedHeader> headers_of_json(std::string_view json) {
  const auto document = read_json(json);
  if (!document || !document->is_array()) refuse();
  std::vector<OwnedHeader> headers;
  for (const nlohmann::json& pair : *document) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) refuse();
    headers.push_back({pair[0].get<std::string>(), value_of_json(pair[1])});
  }
  return headers;
}

std::string headers_json(std::span<const Header> headers) {
  std::string json = "[";
  for (const Header& header : headers) append_header(json, header.name, header.value);
  return json + ']';
}

}  // namespace pawl::codec
