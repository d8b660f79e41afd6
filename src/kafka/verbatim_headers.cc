// In a file of its own: the JSON library takes long to compile, and only dead letters come this
// way.
#include <nlohmann/json.hpp>

#include "pawl/core/failure.h"
#include "pawl/kafka/event_headers.h"
#include "pawl/kafka/header_list.h"

namespace pawl::kafka {
namespace {

using nlohmann::json;

Failure bad_headers(const std::string& problem) {
  return {
      Remedy::give_up,
      "bad_headers",
      "outbox.headers must be a JSON array of [name, text | {\"base64\": …} | null]: " + problem};
}

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

std::string from_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) throw bad_headers("not base64");
    bits = bits << 6U | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
    }
  }
  return bytes;
}

void add_value(rd_kafka_headers_t* list, const std::string& name, const json& value) {
  if (value.is_null()) {
    add_header(list, name, std::nullopt);
  } else if (value.is_string()) {
    add_header(list, name, value.get_ref<const std::string&>());
  } else if (value.is_object() && value.size() == 1 && value.contains("base64") &&
             value["base64"].is_string()) {
    add_header(list, name, from_base64(value["base64"].get_ref<const std::string&>()));
  } else {
    throw bad_headers("value of a wrong kind");
  }
}

}  // namespace

HeadersHandle verbatim_headers(std::string_view text) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_array()) throw bad_headers("not an array");
  HeadersHandle headers = make_headers(parsed.size());
  for (const json& pair : parsed) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) {
      throw bad_headers("an element is not a pair");
    }
    add_value(headers.get(), pair[0].get_ref<const std::string&>(), pair[1]);
  }
  return headers;
}

}  // namespace pawl::kafka
