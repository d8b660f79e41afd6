#include "pawl/codec/plain_settings.h"

#include <nlohmann/json.hpp>

#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

constexpr std::string_view kHeader = "header:";
constexpr std::string_view kPointer = "json:";

bool is_pointer(std::string_view text) {
  if (!text.starts_with('/')) return false;
  try {
    const nlohmann::json::json_pointer checked{std::string(text)};
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

std::optional<Encoding> encoding_named(std::string_view content_type) {
  if (content_type == "protobuf") return Encoding::protobuf;
  if (content_type == "json") return Encoding::json;
  return encoding_of(content_type);
}

}  // namespace

std::expected<PlainSettings, std::string> plain_settings(std::string_view type,
                                                         std::string_view id,
                                                         std::string_view content_type) {
  if (type.empty()) {
    return std::unexpected(
        "expected consumer.plain.type to be a full Protobuf message name, got nothing");
  }
  const auto encoding = encoding_named(content_type);
  if (!encoding) {
    return std::unexpected("expected consumer.plain.content_type to be protobuf or json, got: " +
                           in_quotes(content_type));
  }
  if (id.starts_with(kHeader) && id.size() > kHeader.size()) {
    return PlainSettings{std::string(type),
                         PlainSettings::IdFrom::header,
                         std::string(id.substr(kHeader.size())),
                         *encoding};
  }
  if (id.starts_with(kPointer) && is_pointer(id.substr(kPointer.size()))) {
    if (*encoding == Encoding::protobuf) {
      return std::unexpected(
          "consumer.plain.id = json:… needs consumer.plain.content_type = json, got protobuf; "
          "use header:NAME");
    }
    return PlainSettings{std::string(type),
                         PlainSettings::IdFrom::json_pointer,
                         std::string(id.substr(kPointer.size())),
                         *encoding};
  }
  return std::unexpected(
      "expected consumer.plain.id to be header:NAME or json:/pointer (it is what repeats are "
      "recognised by), got: " +
      in_quotes(id));
}

}  // namespace pawl::codec
