#include "pawl/codec/edited_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "pawl/codec/command_encoder.h"
#include "pawl/codec/content_type.h"
#include "pawl/codec/event_attributes.h"
#include "pawl/codec/headers_json.h"
#include "pawl/codec/structured_event.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

constexpr std::string_view kCausationHeader = "ce_causationid";
// What command_headers() writes, and our links.
constexpr std::array<std::string_view, 9> kReplaced{"ce_specversion",
                                                    "ce_id",
                                                    "ce_source",
                                                    "ce_type",
                                                    "content-type",
                                                    "ce_correlationid",
                                                    "traceparent",
                                                    kCausationHeader,
                                                    kEditedFromHeader};

// Of the event, where the record holds a structured one that can be read.
EventAttributes attributes_of(const Record& record, MessageArena& arena) {
  const EventAttributes headers = read_headers(record);
  if (!record.value || !headers.content_type || !announces_structured_event(*headers.content_type))
    return headers;
  const auto event = read_structured(*record.value, arena);
  if (!event) return headers;
  EventAttributes attributes = event->attributes;
  if (!attributes.traceparent) attributes.traceparent = headers.traceparent;
  return attributes;
}

std::string_view text_or(const std::optional<std::string_view>& attribute,
                         std::string_view otherwise) {
  return attribute && !attribute->empty() && is_text(*attribute) ? *attribute : otherwise;
}

std::string payload_of(const CommandType& type, const void* message, Encoding encoding) {
  switch (encoding) {
    case Encoding::protobuf:
      return type.serialize(message);
    case Encoding::json:
      return type.to_json(message);
  }
  return {};
}

bool is_replaced(std::string_view name) {
  return std::ranges::any_of(
      kReplaced, [name](std::string_view replaced) { return equal_ignoring_case(name, replaced); });
}

std::string headers_of_edit(const Record& original,
                            const Edit& edit,
                            const EventAttributes& attributes,
                            Encoding encoding) {
  const std::string id = edit.id.to_string();
  const std::string original_id = edit.original_id.to_string();
  const std::string_view cause = text_or(attributes.id, original_id);
  const auto ours = command_headers({.id = id,
                                     .source = text_or(attributes.source, edit.topic),
                                     .type = edit.type.name,
                                     .encoding = encoding,
                                     .correlation_id = text_or(attributes.correlation_id, cause),
                                     .traceparent = text_or(attributes.traceparent, {})});
  std::vector<Header> headers = headers_of(original);
  std::erase_if(headers, [](const Header& header) { return is_replaced(header.name); });
  for (const auto& [name, value] : ours) headers.push_back({name, value});
  headers.push_back({kCausationHeader, cause});
  headers.push_back({kEditedFromHeader, original_id});
  return headers_json(headers);
}

}  // namespace

std::expected<EditedRecord, std::string> edited_record(const Record& original, const Edit& edit) {
  MessageArena arena;
  JsonProblem problem;
  const void* message = edit.type.parse_json(edit.json, arena, problem);
  if (message == nullptr) return std::unexpected(std::move(problem.text));
  const EventAttributes attributes = attributes_of(original, arena);
  const Encoding encoding =
      encoding_of(attributes.content_type.value_or("")).value_or(Encoding::protobuf);
  return EditedRecord{headers_of_edit(original, edit, attributes, encoding),
                      payload_of(edit.type, message, encoding)};
}

}  // namespace pawl::codec
