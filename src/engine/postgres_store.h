// The engine's store on PostgreSQL: its sessions, and who owns which lane.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "pawl/core/event_fd.h"
#include "pawl/engine/postgres_session.h"
#include "pawl/engine/store.h"

namespace pawl::engine {

/// Used by one engine's thread, except wake().
class PostgresStore final : public Store {
 public:
  /// `consumer`: the name that positions and the inbox are kept under. `owner`: who we are
  /// (host:pid), for operators. `give_up_max`: how long take_over() waits for owners that live.
  /// Nothing is connected before reconnect().
  PostgresStore(postgres::ConnectionSettings connection,
                std::string consumer,
                std::string owner,
                std::chrono::milliseconds give_up_max = std::chrono::seconds{1});

  void reconnect(int sessions) override;
  Session& session(int index) override { return *sessions_.at(static_cast<std::size_t>(index)); }
  std::int64_t new_epoch() override;
  std::vector<Position> positions(std::span<const TopicPartition> lanes) override;
  bool topic_is_known(const std::string& topic) override;
  void add_positions(std::span<const Position> first) override;
  std::vector<Position> take_over(std::span<const TopicPartition> lanes,
                                  std::int64_t epoch) override;
  std::vector<Position> take_back(std::span<const TopicPartition> lanes,
                                  std::int64_t mine,
                                  std::int64_t epoch) override;
  void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) override;
  [[nodiscard]] bool mark(std::span<const LaneMark> marks, std::int64_t epoch) override;
  std::vector<HeldKeyFound> held(std::span<const TopicPartition> lanes) override;
  void wait(std::chrono::milliseconds wait_max) override;
  void wake() override { wake_.wake(); }

 private:
  postgres::Connection& connection() { return sessions_.front()->connection(); }
  void learn_consumer();
  void wait_for_owners(std::span<const TopicPartition> lanes);
  void terminate_owners(std::span<const TopicPartition> lanes, std::int64_t only_epoch);
  std::vector<Position> take(postgres::Parameters& parameters);
  [[nodiscard]] std::string backends_json();

  postgres::ConnectionSettings connection_settings_;
  std::string consumer_;
  std::string owner_;
  std::chrono::milliseconds give_up_max_;
  std::int16_t consumer_id_ = 0;
  StatementBook book_;
  std::vector<std::unique_ptr<PostgresSession>> sessions_;
  EventFd wake_;
};

}  // namespace pawl::engine
