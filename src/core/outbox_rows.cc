#include "pawl/core/outbox_rows.h"

#include <algorithm>
#include <cstring>

namespace pawl {
namespace {

constexpr std::size_t kBytesOfRow = 256;  // of an ordinary event's key, ids and payload

std::int64_t counted_bytes(const OutboxRow& row) noexcept {
  constexpr std::int64_t kAround = 200;  // the other columns
  const auto size = [](const std::optional<std::string_view>& text) {
    return text ? static_cast<std::int64_t>(text->size()) : 0;
  };
  return kAround + size(row.payload) + size(row.key) + size(row.headers);
}

}  // namespace

void OutboxRows::reserve(std::size_t rows) {
  rows_.reserve(rows);
  if (!memory_) {
    memory_ = std::make_unique<std::pmr::monotonic_buffer_resource>(std::max<std::size_t>(1, rows) *
                                                                    kBytesOfRow);
  }
}

void OutboxRows::add(const OutboxRow& row) {
  if (!memory_) reserve(1);
  static const OutboxRow kNone{};
  const OutboxRow& previous = rows_.empty() ? kNone : rows_.back();
  rows_.push_back({.topic = keep(row.topic, previous.topic),
                   .key = keep(row.key),
                   .id = row.id,
                   .type = keep(row.type, previous.type),
                   .source = keep(row.source, previous.source),
                   .content_type = keep(row.content_type, previous.content_type),
                   .correlation_id = keep(row.correlation_id),
                   .causation_id = keep(row.causation_id),
                   .traceparent = keep(row.traceparent),
                   .headers = keep(row.headers),
                   .payload = keep(row.payload),
                   .caused_at = row.caused_at,
                   .created_at = row.created_at});
  bytes_ += counted_bytes(row);
}

std::string_view OutboxRows::keep(std::string_view text) {
  if (text.empty()) return "";
  char* const copy = static_cast<char*>(memory_->allocate(text.size(), alignof(char)));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

std::optional<std::string_view> OutboxRows::keep(const std::optional<std::string_view>& text) {
  return text ? std::optional(keep(*text)) : std::nullopt;
}

std::string_view OutboxRows::keep(std::string_view text, std::string_view previous) {
  return text == previous ? previous : keep(text);
}

}  // namespace pawl
