#include "pawl/relay/window_rows.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace pawl::relay {
namespace {

constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;

}  // namespace

KeyHash key_of(std::string_view topic, std::string_view key) noexcept {
  const std::hash<std::string_view> hash;
  return hash(key) * kMix ^ hash(topic);
}

KeyHash key_of(const OutboxRow& row, Tag tag) noexcept {
  return row.key ? key_of(row.topic, *row.key) : tag * kMix;
}

void WindowRows::add(Tag first, OutboxRows rows) {
  bytes_ += rows.bytes();
  chunks_.push_back({first, std::move(rows)});
}

const OutboxRow& WindowRows::row(Tag tag) const {
  const Chunk& front = chunks_.front();
  if (tag - front.first < front.rows.size()) return front.rows[tag - front.first];
  const auto after = std::ranges::upper_bound(chunks_, tag, {}, &Chunk::first);
  const Chunk& chunk = *std::prev(after);
  return chunk.rows[tag - chunk.first];
}

void WindowRows::drop_to(Tag tag) {
  while (!chunks_.empty() && chunks_.front().first + chunks_.front().rows.size() <= tag + 1) {
    bytes_ -= chunks_.front().rows.bytes();
    chunks_.pop_front();
  }
}

}  // namespace pawl::relay
