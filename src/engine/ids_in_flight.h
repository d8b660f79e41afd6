// The message ids of batches in flight: a duplicate among them is known without asking the
// database, and batches need not wait for each other's claims.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "pawl/core/uuid.h"
#include "pawl/engine/table.h"

namespace pawl::engine {

struct Item;

class IdsInFlight {
 public:
  struct Entry {
    Item* item;
    std::int64_t fingerprint;
  };
  using Ids = std::unordered_map<Uuid, Entry>;

  /// What is added from now on belongs to this batch: at most `ids` of them.
  void begin_batch(BatchNumber number, std::size_t ids) {
    batches_.emplace_back(number, Ids{}).second.reserve(ids);
  }

  /// Remembers the id; when it was there already, returns the fingerprint it came with first and
  /// remembers nothing.
  std::optional<std::int64_t> add(const Uuid& id, Item* item, std::int64_t fingerprint) {
    for (std::size_t earlier = 0; earlier + 1 < batches_.size(); ++earlier) {
      const Ids& ids = batches_[earlier].second;
      if (const auto at = ids.find(id); at != ids.end()) return at->second.fingerprint;
    }
    const auto [at, added] = batches_.back().second.try_emplace(id, Entry{item, fingerprint});
    if (added) return std::nullopt;
    return at->second.fingerprint;
  }
  /// What the newest batch brought under this id, or null.
  [[nodiscard]] const Entry* find(const Uuid& id) const {
    if (batches_.empty()) return nullptr;
    const Ids& ids = batches_.back().second;
    const auto at = ids.find(id);
    return at == ids.end() ? nullptr : &at->second;
  }
  /// The newest batch gives the command back.
  void remove(const Uuid& id) { batches_.back().second.erase(id); }
  /// Forgets the oldest batch's ids. They are handed out, to be destroyed when there is time.
  Ids settle(BatchNumber number) {
    if (batches_.empty() || batches_.front().first != number) return {};
    Ids ids = std::move(batches_.front().second);
    batches_.pop_front();
    return ids;
  }
  void clear() { batches_.clear(); }

 private:
  std::deque<std::pair<BatchNumber, Ids>> batches_;  // in flight, the oldest first
};

}  // namespace pawl::engine
