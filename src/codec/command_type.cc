#include "pawl/codec/command_type.h"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <climits>
#include <stdexcept>

#include "pawl/codec/json_problem.h"

namespace pawl::codec {

bool fill_from_binary(google::protobuf::Message& message, std::string_view bytes) {
  if (bytes.size() > INT_MAX) return false;  // Protobuf's own limit
  // Partial, because the check for proto2's required fields would log by itself.
  return message.ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
         message.IsInitialized();
}

// Protobuf's JSON names its fields, so one that is not known could be a mistake as well as news.
bool fill_from_json(google::protobuf::Message& message,
                    std::string_view json,
                    JsonProblem& problem) {
  const google::protobuf::StringPiece text(json.data(), json.size());
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  if (status.ok()) return true;
  problem.text = json_problem(std::string_view(status.message().data(), status.message().size()));
  google::protobuf::util::JsonParseOptions known_fields_only;
  known_fields_only.ignore_unknown_fields = true;
  message.Clear();
  problem.is_newer =
      google::protobuf::util::JsonStringToMessage(text, &message, known_fields_only).ok();
  return false;
}

std::string serialized(const google::protobuf::Message& message) {
  return message.SerializeAsString();
}

std::string json_of(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) throw std::logic_error("a decoded message has no JSON form");
  return json;
}

}  // namespace pawl::codec
