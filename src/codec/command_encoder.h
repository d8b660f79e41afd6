// The sending side: for `pawl send`, `pawl load` and tests.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pawl/codec/command_type.h"
#include "pawl/codec/content_type.h"
#include "pawl/core/clock.h"

namespace pawl::codec {

/// Protobuf's JSON form → its binary form. The error names the field, quotes no value. Thread-safe.
[[nodiscard]] std::expected<std::string, std::string> binary_of_json(const CommandType& type,
                                                                     std::string_view json);

/// What the headers of one command say.
struct CommandHeaders {
  std::string_view id;
  std::string_view source;
  std::string_view type;  // full Protobuf name
  Encoding encoding = Encoding::protobuf;
  WallTime time{};                    // epoch 0: no ce_time
  std::string_view correlation_id{};  // empty: none
  std::string_view traceparent{};     // empty: none
};

/// The record headers of CloudEvents 1.0 binary mode, in a fixed order: ce_specversion, ce_id,
/// ce_source, ce_type, ce_time, content-type and the optional ones. Thread-safe.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> command_headers(
    const CommandHeaders& command);

}  // namespace pawl::codec
