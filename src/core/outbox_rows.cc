#include "pawl/core/outbox_rows.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <utility>

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

/// Copies texts one behind the other into one piece of memory.
class Copier {
 public:
  using Text = std::optional<std::string_view>;
  /// Room for exactly these.
  Copier(std::pmr::memory_resource& memory, std::initializer_list<Text> texts) {
    std::size_t size = 0;
    for (const Text& text : texts) size += text ? text->size() : 0;
    to_ = static_cast<char*>(memory.allocate(size, alignof(char)));
  }
  Text operator()(const Text& text) {
    if (!text) return std::nullopt;
    if (!text->empty()) std::memcpy(to_, text->data(), text->size());
    return std::string_view{std::exchange(to_, to_ + text->size()), text->size()};
  }

 private:
  char* to_;
};

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
  Copier copy{
      *memory_,
      {row.key, row.correlation_id, row.causation_id, row.traceparent, row.headers, row.payload}};
  rows_.push_back({.topic = keep(row.topic, previous.topic),
                   .key = copy(row.key),
                   .id = row.id,
                   .type = keep(row.type, previous.type),
                   .source = keep(row.source, previous.source),
                   .content_type = keep(row.content_type, previous.content_type),
                   .correlation_id = copy(row.correlation_id),
                   .causation_id = copy(row.causation_id),
                   .traceparent = copy(row.traceparent),
                   .headers = copy(row.headers),
                   .payload = copy(row.payload),
                   .caused_at = row.caused_at,
                   .created_at = row.created_at});
  bytes_ += counted_bytes(row);
}

std::string_view OutboxRows::keep(std::string_view text, std::string_view previous) {
  if (text == previous) return previous;
  return *Copier{*memory_, {text}}(text);
}

}  // namespace pawl
