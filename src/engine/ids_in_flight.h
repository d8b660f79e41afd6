// Message ids of the batches in flight, so that batches need not wait on each other's uncommitted inbox rows.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "pawl/core/uuid.h"

namespace pawl::engine {

struct Item;

class IdsInFlight {
 public:
  struct Entry {
    Item* item;
    std::int64_t fingerprint;
  };

  /// Remembers the id; when it was there already, returns the fingerprint it came with first and remembers nothing.
  std::optional<std::int64_t> add(const Uuid& id, Item* item, std::int64_t fingerprint) {
    const auto [at, added] = entries_.try_emplace(id, Entry{item, fingerprint});
    if (added) return std::nullopt;
    return at->second.fingerprint;
  }
  /// The item that brought this id, or null.
  [[nodiscard]] const Entry* find(const Uuid& id) const {
    const auto at = entries_.find(id);
    return at == entries_.end() ? nullptr : &at->second;
  }
  void remove(const Uuid& id) { entries_.erase(id); }
  void clear() { entries_.clear(); }

 private:
  std::unordered_map<Uuid, Entry> entries_;
};

}  // namespace pawl::engine
