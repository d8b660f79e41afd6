// The engine's store with crash points and planted bugs in front of it.
#pragma once

#include <memory>
#include <vector>

#include "crash/crash_port.h"
#include "pawl/engine/postgres_store.h"
#include "pawl/engine/store.h"

namespace pawl::test {

/// A second way into the database, for what must not happen on the batch's own connection. Used by
/// the engine's thread.
class SideDoor {
 public:
  explicit SideDoor(std::string url) : url_(std::move(url)) {}
  /// Returns when the backend is gone.
  void terminate(int backend);
  void append(std::int64_t outbox_batch, const OutboxRows& rows);
  /// Those that somebody, whoever, has claimed and committed.
  std::vector<Uuid> claimed_by_anybody(const std::vector<Uuid>& ids);

 private:
  postgres::Connection& connection();
  std::string url_;
  std::unique_ptr<postgres::Connection> connection_;
};

class CrashingSession final : public engine::Session {
 public:
  CrashingSession(engine::PostgresSession& session, CrashPort& port, SideDoor& side_door)
      : session_(session), port_(port), side_door_(side_door) {}

  void take_parked(const engine::TakeParkedRequest& request) override;
  void claim(const engine::ClaimRequest& request) override;
  void load(const engine::LoadRequest& request) override;
  postgres::HandlerTransaction& handlers() override { return session_.handlers(); }
  void save(const engine::SaveRequest& request) override;
  void fence(const engine::FenceRequest& request) override { session_.fence(request); }
  void commit() override;
  std::optional<engine::Answer> receive() override;
  void rollback() override { session_.rollback(); }

 private:
  void lose_answer();

  engine::PostgresSession& session_;
  CrashPort& port_;
  SideDoor& side_door_;
  bool answer_lost_ = false;
  std::vector<inbox::Claim> foreign_;  // Bug::claim_without_consumer
  std::int64_t held_back_batch_ = 0;   // Bug::events_after_commit
  OutboxRows held_back_;
};

class CrashingStore final : public engine::Store {
 public:
  CrashingStore(engine::PostgresStore& store, CrashPort& port, std::string url)
      : store_(store), port_(port), side_door_(std::move(url)) {}

  void reconnect(int sessions) override;
  engine::Session& session(int index) override;
  std::int64_t new_epoch() override { return store_.new_epoch(); }
  std::vector<engine::Position> positions(std::span<const TopicPartition> lanes) override {
    return store_.positions(lanes);
  }
  bool topic_is_known(const std::string& topic) override { return store_.topic_is_known(topic); }
  void add_positions(std::span<const engine::Position> first) override {
    store_.add_positions(first);
  }
  std::vector<engine::Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) override {
    return store_.take_over(lanes, epoch);
  }
  std::vector<engine::Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) override {
    return store_.take_back(lanes, mine, epoch);
  }
  void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) override {
    store_.give_up(lanes, epoch);
  }
  bool mark(std::span<const engine::LaneMark> marks, std::int64_t epoch) override {
    return store_.mark(marks, epoch);
  }
  std::vector<engine::HeldKeyFound> held(std::span<const TopicPartition> lanes) override {
    if (port_.has(Bug::forgets_held)) return {};
    return store_.held(lanes);
  }
  void wait(std::chrono::milliseconds wait_max) override { store_.wait(wait_max); }
  void wake() override { store_.wake(); }

 private:
  engine::PostgresStore& store_;
  CrashPort& port_;
  SideDoor side_door_;
  std::vector<std::unique_ptr<CrashingSession>> sessions_;
};

}  // namespace pawl::test
