#include "pawl/codec/event_attributes.h"

#include <algorithm>

#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

// Of a name that is as long as the expected one: a constant length makes one comparison of a few
// words.
template <std::size_t size>
bool is(std::string_view name, const char (&expected)[size]) noexcept {
  return std::equal(expected, expected + size - 1, name.begin()) ||
         equal_ignoring_case(name, expected);
}

// The attribute that a header fills, or null. By length first: this runs for every header of every
// command.
std::optional<std::string_view>* slot_of(std::string_view name,
                                         EventAttributes& found,
                                         std::optional<std::string_view>& ce_traceparent) noexcept {
  switch (name.size()) {
    case 5:
      return is(name, "ce_id") ? &found.id : nullptr;
    case 7:
      return is(name, "ce_type") ? &found.type : nullptr;
    case 9:
      return is(name, "ce_source") ? &found.source : nullptr;
    case 11:
      return is(name, "traceparent") ? &found.traceparent : nullptr;
    case 12:
      return is(name, "content-type") ? &found.content_type : nullptr;
    case 14:
      if (is(name, "ce_specversion")) return &found.specversion;
      return is(name, "ce_traceparent") ? &ce_traceparent : nullptr;
    case 16:
      return is(name, "ce_correlationid") ? &found.correlation_id : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

EventAttributes read_headers(const Record& record) noexcept {
  EventAttributes found;
  std::optional<std::string_view> ce_traceparent;
  for (std::size_t i = 0; const auto header = record.header_at(i); ++i) {
    if (auto* slot = slot_of(header->name, found, ce_traceparent)) *slot = header->value;
  }
  if (!found.traceparent) found.traceparent = ce_traceparent;
  return found;
}

bool announces_structured_event(std::string_view content_type) noexcept {
  constexpr std::string_view kPrefix = "application/cloudevents";
  return equal_ignoring_case(content_type.substr(0, kPrefix.size()), kPrefix);
}

}  // namespace pawl::codec
