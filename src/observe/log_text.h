// How a log line is put together. Internal to observe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pawl/observe/json_text.h"
#include "pawl/observe/log.h"

namespace pawl::observe {

/// ,"name":value for each.
void append_json_fields(std::string& line, std::span<const Field> fields);

/// " name=value" for each; texts with spaces, quotes or control characters are quoted.
void append_plain_fields(std::string& line, std::span<const Field> fields);

}  // namespace pawl::observe
