#include "pawl/codec/content_type.h"

#include "pawl/codec/text.h"

namespace pawl::codec {

std::string_view media_type_of(std::string_view content_type) noexcept {
  content_type = content_type.substr(0, content_type.find(';'));
  constexpr std::string_view kBlanks = " \t";
  const auto first = content_type.find_first_not_of(kBlanks);
  if (first == content_type.npos) return {};
  return content_type.substr(first, content_type.find_last_not_of(kBlanks) - first + 1);
}

std::optional<Encoding> encoding_of(std::string_view content_type) noexcept {
  // As nearly every command writes it.
  if (content_type == "application/protobuf") return Encoding::protobuf;
  if (content_type == "application/json") return Encoding::json;
  const std::string_view media_type = media_type_of(content_type);
  if (equal_ignoring_case(media_type, "application/protobuf") ||
      equal_ignoring_case(media_type, "application/x-protobuf")) {
    return Encoding::protobuf;
  }
  constexpr std::string_view kJsonSuffix = "+json";
  if (equal_ignoring_case(media_type, "application/json") ||
      (media_type.size() > kJsonSuffix.size() &&
       equal_ignoring_case(media_type.substr(media_type.size() - kJsonSuffix.size()),
                           kJsonSuffix))) {
    return Encoding::json;
  }
  return std::nullopt;
}

}  // namespace pawl::codec
