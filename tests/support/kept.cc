#include "support/kept.h"

#include <mutex>

#include "pawl/core/outbox_rows.h"

namespace pawl::test {

std::string_view kept(std::string_view text) {
  return *kept(OutboxRow{.payload = text}).payload;
}

OutboxRow kept(const OutboxRow& row) {
  static std::mutex mutex;
  static OutboxRows all;
  const std::scoped_lock lock{mutex};
  all.add(row);
  return all[all.size() - 1];
}

}  // namespace pawl::test
