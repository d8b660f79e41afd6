// The database port on a FakeDatabase. Several stores may share one database, as processes do.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "behaviour/fake_database.h"
#include "behaviour/fake_session.h"

namespace pawl::test {

class FakeStore final : public engine::Store {
 public:
  FakeStore(FakeDatabase& database, std::uint64_t seed) : database_(database), random_(seed) {}
  ~FakeStore() override;
  FakeStore(const FakeStore&) = delete;
  FakeStore& operator=(const FakeStore&) = delete;

  void reconnect(int sessions) override;
  engine::Session& session(int index) override {
    return *sessions_.at(static_cast<std::size_t>(index));
  }
  std::int64_t new_epoch() override { return ++database_.last_epoch; }
  std::vector<engine::Position> positions(std::span<const TopicPartition> lanes) override;
  bool topic_is_known(const std::string& topic) override;
  void add_positions(std::span<const engine::Position> first) override;
  std::vector<engine::Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) override;
  std::vector<engine::Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) override;
  void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) override;
  bool mark(std::span<const engine::LaneMark> marks, std::int64_t epoch) override;
  std::vector<engine::HeldKeyFound> held(std::span<const TopicPartition> lanes) override;
  /// The server's turn: one statement of each session, in an order drawn by chance. Waits for
  /// nothing.
  void wait(std::chrono::milliseconds wait_max) override;
  void wake() override {}

  /// pg_terminate_backend for all of this store's sessions.
  void terminate_sessions();
  /// Which session waits for what, for messages.
  [[nodiscard]] std::string waits() const;

 private:
  void expect_connected() const;
  [[nodiscard]] int lock_turns_max();
  void take(PositionRow& position, std::int64_t epoch);

  FakeDatabase& database_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<FakeSession>> sessions_;
};

}  // namespace pawl::test
