// How to read records that are not CloudEvents: existing topics of other teams.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "pawl/codec/content_type.h"

namespace pawl::codec {

/// Made by plain_settings() from the settings consumer.plain.*.
struct PlainSettings {
  enum class IdFrom { header, json_pointer };

  std::string type;  // full Protobuf name of every plain record
  IdFrom id_from = IdFrom::header;
  std::string id_name;  // header's name, or JSON pointer (RFC 6901)
  Encoding encoding = Encoding::json;
};

/// Checks and takes apart the three settings. `id`: "header:NAME" or "json:/pointer", the latter
/// for JSON only; `content_type`: "protobuf", "json", or a media type that means one of them. The
/// error names the setting, the wrong value and what was expected. Thread-safe.
[[nodiscard]] std::expected<PlainSettings, std::string> plain_settings(
    std::string_view type, std::string_view id, std::string_view content_type);

}  // namespace pawl::codec
