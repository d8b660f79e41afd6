// The CloudEvents attributes of a record, wherever they were written: headers or a structured JSON
// event.
#pragma once

#include <optional>
#include <string_view>

#include "pawl/core/record.h"

namespace pawl::codec {

/// Absent attributes are empty optionals. Views into the record, or into the arena for a structured
/// event.
struct EventAttributes {
  std::optional<std::string_view> id;
  std::optional<std::string_view> source;
  std::optional<std::string_view> type;
  std::optional<std::string_view> specversion;
  std::optional<std::string_view> content_type;    // header content-type, attribute datacontenttype
  std::optional<std::string_view> correlation_id;  // extension correlationid
  std::optional<std::string_view>
      traceparent;  // W3C header traceparent, else the extension of that name
};

/// Reads the headers of CloudEvents' Kafka binding: `ce_` + attribute and `content-type`. Kafka's
/// names are case-sensitive and the binding writes them in lower case; other cases are accepted, as
/// its SDKs do. Of repeated headers the last one counts; a header without value counts as absent.
/// Thread-safe, allocates nothing.
[[nodiscard]] EventAttributes read_headers(const Record& record) noexcept;

/// Whether a content type announces a structured event (`application/cloudevents…`).
[[nodiscard]] bool announces_structured_event(std::string_view content_type) noexcept;

}  // namespace pawl::codec
