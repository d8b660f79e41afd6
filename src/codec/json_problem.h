// Says what is wrong with a JSON payload without quoting it.
#pragma once

#include <string>
#include <string_view>

namespace pawl::codec {

/// Turns Protobuf's error text, which quotes values and pieces of the payload, into one that names
/// the field and what was expected of it. A field's name is kept only when it looks like one:
/// unknown names are payload, too.
[[nodiscard]] std::string json_problem(std::string_view protobuf_message);

}  // namespace pawl::codec
