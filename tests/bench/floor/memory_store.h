// A database in memory that an engine works on in order to be recorded. It answers at once, keeps
// only what later answers need, and sees one consumer and nobody else: no locks, no rollback.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "behaviour/fake_database.h"
#include "bench/floor/recording.h"
#include "pawl/engine/store.h"

namespace pawl::bench {

/// The row that a table held before the first batch; empty: none.
using InitialRow =
    std::function<std::optional<test::StateRow>(const engine::TableShape& table, std::int64_t key)>;

class MemorySession;

/// One thread. What a recording never needs (recovery, rollback) throws std::logic_error.
class MemoryStore final : public engine::Store {
 public:
  /// Committed batches are appended to `into`.
  MemoryStore(InitialRow initial, std::vector<RecordedBatch>& into);
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  /// Answers one request. False when there is none. A claim comes before what others wait for: on a
  /// real server, too, it is through long before the rows of the batch ahead are saved; so the same
  /// rows wait for the fence.
  bool answer_next();

  void reconnect(int sessions) override;
  engine::Session& session(int index) override;
  std::int64_t new_epoch() override { return 1; }
  std::vector<engine::Position> positions(std::span<const TopicPartition> lanes) override;
  bool topic_is_known(const std::string& /*topic*/) override { return !positions_.empty(); }
  void add_positions(std::span<const engine::Position> first) override;
  void give_up(std::span<const TopicPartition>, std::int64_t) override {}
  bool mark(std::span<const engine::LaneMark>, std::int64_t) override { return true; }
  std::vector<engine::HeldKeyFound> held(std::span<const TopicPartition>) override { return {}; }
  std::vector<engine::Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) override;
  std::vector<engine::Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) override;
  void wait(std::chrono::milliseconds /*wait_max*/) override {}
  void wake() override {}

 private:
  friend class MemorySession;
  using Rows = std::unordered_map<std::int64_t, test::StateRow>;

  engine::ClaimAnswer claim(const engine::ClaimRequest& request);
  [[nodiscard]] engine::TableRows load(const engine::TableLoad& load) const;
  [[nodiscard]] std::optional<test::StateRow> find(const engine::TableShape& table,
                                                   std::int64_t key) const;
  void write(const std::vector<engine::TableWrite>& writes);

  InitialRow initial_;
  std::vector<RecordedBatch>& recorded_;
  std::vector<std::unique_ptr<MemorySession>> sessions_;
  std::map<TopicPartition, engine::Position> positions_;
  std::unordered_map<Uuid, std::int64_t> inbox_;  // with the fingerprint
  std::unordered_map<const engine::TableShape*, Rows> written_;
  std::int64_t last_outbox_batch_ = 0;
  std::uint64_t last_request_ = 0;
};

}  // namespace pawl::bench
