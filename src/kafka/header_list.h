// Headers for a record that is to be produced. Inside src/kafka only.
#pragma once

#include <optional>
#include <string_view>

#include "pawl/kafka/handle.h"

namespace pawl::kafka {

inline HeadersHandle make_headers(std::size_t expected) {
  return HeadersHandle{rd_kafka_headers_new(expected)};
}

/// Appends; name and value are copied. No value is Kafka's null.
inline void add_header(rd_kafka_headers_t* headers,
                       std::string_view name,
                       std::optional<std::string_view> value) {
  rd_kafka_header_add(headers,
                      name.data(),
                      static_cast<ssize_t>(name.size()),
                      !value           ? nullptr
                      : value->empty() ? ""
                                       : value->data(),
                      value ? static_cast<ssize_t>(value->size()) : 0);
}

}  // namespace pawl::kafka
