#include "pawl/codec/json_problem.h"

#include <algorithm>
#include <cctype>

namespace pawl::codec {
namespace {

constexpr std::size_t kFieldNameMax = 80;

bool looks_like_a_field(std::string_view name) {
  return !name.empty() && name.size() <= kFieldNameMax &&
         !std::isdigit(static_cast<unsigned char>(name.front())) &&
         std::ranges::all_of(name, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '[' || c == ']';
         });
}

std::string_view without_parentheses(std::string_view path) {
  if (path.starts_with('(') && path.ends_with(')')) path = path.substr(1, path.size() - 2);
  return path;
}

std::string field_or_unnamed(std::string_view path) {
  path = without_parentheses(path);
  return looks_like_a_field(path) ? "field \"" + std::string(path) + "\"" : "a field";
}

}  // namespace

// The shapes of Protobuf 3.21's messages: "name: Cannot find field." · "(path): invalid value
// <value> for type TYPE" · "path: Proto field is not repeating, cannot start list." · "<fixed
// sentence>\n<piece of the payload>".
std::string json_problem(std::string_view message) {
  constexpr std::string_view kUnknown = ": Cannot find field.";
  constexpr std::string_view kInvalid = ": invalid value ";
  constexpr std::string_view kForType = " for type ";
  constexpr std::string_view kNoList = ": Proto field is not repeating, cannot start list.";
  if (message.ends_with(kUnknown)) {
    return field_or_unnamed(message.substr(0, message.size() - kUnknown.size())) +
           " is not known to the message type";
  }
  if (message.ends_with(kNoList)) {
    return field_or_unnamed(message.substr(0, message.size() - kNoList.size())) +
           " is a list, expected a single value";
  }
  if (const auto at = message.find(kInvalid); at != message.npos) {
    std::string text = field_or_unnamed(message.substr(0, at)) + " has a value of another type";
    const auto type = message.rfind(kForType);
    if (type == message.npos || type < at) return text;
    const std::string_view name = message.substr(type + kForType.size());
    return looks_like_a_field(name) ? text + ", expected " + std::string(name) : text;
  }
  if (message == ": Root element must be a message.") return "the payload is not a JSON object";
  if (const auto line = message.find('\n'); line != message.npos) {
    return "not JSON: " + std::string(message.substr(0, line));
  }
  return "the JSON does not fit the message type";
}

}  // namespace pawl::codec
