#include "pawl/relay/holes.h"

#include <algorithm>

namespace pawl::relay {

void Holes::restore(std::span<const std::int64_t> batches) {
  for (const std::int64_t batch : batches) holes_.try_emplace(batch);
}

bool Holes::notice(std::int64_t batch) {
  if (holes_.size() >= bound_) return false;
  holes_.try_emplace(batch);
  return true;
}

std::vector<outbox::OpenHole> Holes::open() const {
  std::vector<outbox::OpenHole> open;
  for (const auto& [batch, hole] : holes_) {
    if (!hole.read_to_end) open.push_back({batch, hole.read_to});
  }
  return open;
}

bool Holes::any_open() const {
  return std::ranges::any_of(holes_, [](const auto& hole) { return !hole.second.read_to_end; });
}

void Holes::found(outbox::RowNumber row) {
  Hole& hole = holes_.at(row.batch);
  hole.read_to = row.index;
  ++hole.owed;
}

void Holes::seen_below(std::int64_t limit, std::int64_t horizon) {
  for (auto it = holes_.begin(); it != holes_.end() && it->first < limit;) {
    Hole& hole = it->second;
    // All rows of a batch become visible at once, so what has begun to appear is here to its end.
    if (hole.read_to >= 0) hole.read_to_end = true;
    const bool over = hole.read_to_end ? hole.owed == 0 : is_dead(hole, horizon);
    it = over ? holes_.erase(it) : std::next(it);
  }
}

bool Holes::is_dead(const Hole& hole, std::int64_t horizon) {
  return hole.dating == Dating::dated && horizon >= hole.drawn_after;
}

bool Holes::undated() const {
  return std::ranges::any_of(holes_,
                             [](const auto& entry) { return entry.second.dating == Dating::none; });
}

void Holes::begin_dating() {
  for (auto& [batch, hole] : holes_) {
    if (hole.dating == Dating::none) hole.dating = Dating::drawing;
  }
}

void Holes::date(std::int64_t transaction_id) {
  for (auto& [batch, hole] : holes_) {
    if (hole.dating != Dating::drawing) continue;
    hole.dating = Dating::dated;
    hole.drawn_after = transaction_id;
  }
}

void Holes::abandon_dating() {
  for (auto& [batch, hole] : holes_) {
    if (hole.dating == Dating::drawing) hole.dating = Dating::none;
  }
}

void Holes::released(std::int64_t batch) {
  const auto it = holes_.find(batch);
  Hole& hole = it->second;
  --hole.owed;
  if (hole.read_to_end && hole.owed == 0) holes_.erase(it);
}

std::vector<std::int64_t> Holes::unfinished(std::int64_t position) const {
  std::vector<std::int64_t> batches;
  for (auto it = holes_.begin(); it != holes_.end() && it->first <= position; ++it) {
    batches.push_back(it->first);
  }
  return batches;
}

}  // namespace pawl::relay
