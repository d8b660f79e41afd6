#include "pawl/outbox/committed_batches.h"

#include <utility>

namespace pawl::outbox {
namespace {

constexpr std::int64_t kBytesOfEmpty = 200;  // a batch without rows takes room, too

std::int64_t cost_of(const CommittedBatch& batch) {
  return batch.rows.bytes() + kBytesOfEmpty;
}

}  // namespace

void CommittedBatches::put(CommittedBatch batch) {
  const std::scoped_lock lock(mutex_);
  const auto [at, added] = batches_.try_emplace(batch.number, std::move(batch));
  if (added) bytes_ += cost_of(at->second);
  while (bytes_ > bytes_max_) drop_first();
}

std::optional<CommittedBatch> CommittedBatches::take(std::int64_t number) {
  const std::scoped_lock lock(mutex_);
  while (!batches_.empty() && batches_.begin()->first < number) drop_first();
  if (batches_.empty() || batches_.begin()->first != number) return std::nullopt;
  bytes_ -= cost_of(batches_.begin()->second);
  return std::move(batches_.extract(batches_.begin()).mapped());
}

bool CommittedBatches::forget_to(std::int64_t number) {
  const std::scoped_lock lock(mutex_);
  while (!batches_.empty() && batches_.begin()->first <= number) drop_first();
  return !batches_.empty();
}

void CommittedBatches::drop_first() {
  bytes_ -= cost_of(batches_.begin()->second);
  batches_.erase(batches_.begin());
}

}  // namespace pawl::outbox
