#include "pawl/codec/command_encoder.h"

#include "pawl/codec/text.h"
#include "pawl/core/rfc3339.h"

namespace pawl::codec {
namespace {

std::string_view content_type_of(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::protobuf:
      return "application/protobuf";
    case Encoding::json:
      return "application/json";
  }
  return "impossible";
}

}  // namespace

std::expected<std::string, std::string> binary_of_json(const CommandType& type,
                                                       std::string_view json) {
  MessageArena arena;
  JsonProblem problem;
  const void* message = type.parse_json(json, arena, problem);
  if (message == nullptr) return std::unexpected(std::move(problem.text));
  return type.serialize(message);
}

std::vector<std::pair<std::string, std::string>> command_headers(const CommandHeaders& command) {
  std::vector<std::pair<std::string, std::string>> headers;
  headers.reserve(8);
  const auto add = [&headers](std::string_view name, std::string_view value) {
    headers.emplace_back(name, value);
  };
  add("ce_specversion", "1.0");
  add("ce_id", command.id);
  add("ce_source", command.source);
  add("ce_type", command.type);
  if (command.time != WallTime{}) add("ce_time", rfc3339(command.time));
  add("content-type", content_type_of(command.encoding));
  if (!command.correlation_id.empty()) add("ce_correlationid", command.correlation_id);
  if (!command.traceparent.empty()) add("traceparent", command.traceparent);
  return headers;
}

}  // namespace pawl::codec
