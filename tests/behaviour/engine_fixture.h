// What the engine's tests are written with. Each test runs on the fake database and on PostgreSQL,
// with one and with two batches in flight; after each, the books must balance.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "behaviour/worker.h"

namespace pawl::test {

enum class Backend { fakes, postgres };

struct Setup {
  Backend backend;
  int in_flight;
};
void PrintTo(const Setup& setup, std::ostream* out);

/// A command on its way into a topic.
struct Command {
  std::string id;
  std::string type;
  std::string payload;
  std::optional<std::string> key{};
  std::string correlation_id{};
  std::string traceparent{};
};

class EngineTest : public testing::TestWithParam<Setup> {
 protected:
  static constexpr const char* kTopic = "ledger.commands";

  EngineTest();
  explicit EngineTest(std::unique_ptr<World> world);
  void TearDown() override;

  // ---- commands
  /// The n-th message id of this test.
  [[nodiscard]] Uuid uuid(int n) const;
  [[nodiscard]] std::string id(int n) const { return uuid(n).to_string(); }
  [[nodiscard]] Command open(int n, std::int64_t account, std::int64_t limit = 1'000'000) const;
  [[nodiscard]] Command transfer(int n,
                                 std::int64_t from,
                                 std::int64_t to,
                                 std::int64_t amount,
                                 const std::string& memo = "") const;
  /// Puts a command into a partition; returns its offset.
  std::int64_t deliver(const Command& command, int partition = 0);
  /// Puts anything into a partition.
  std::int64_t deliver_garbage(const std::string& value, int partition = 0);
  /// For who gives the engine a command by another way than a topic.
  void expect_command(const Command& command);
  /// Opens accounts 1 to `count` through partition 0, and waits for it. Uses the ids from 1000 on.
  void open_accounts(int count);

  // ---- the consumer
  [[nodiscard]] static TopicPartition lane(int partition) { return {kTopic, partition}; }
  [[nodiscard]] std::vector<TopicPartition> all_lanes() const;
  /// A process that has been assigned all partitions. settings() may be changed before.
  Worker& start();
  /// One with a bug: it knows nothing of what is held.
  void start_forgetful();
  std::unique_ptr<Worker> make_worker(bool forgets_held = false);
  /// The process dies: nothing is said to anybody.
  void kill() { worker_.reset(); }
  Worker& worker() { return *worker_; }
  engine::EngineSettings& settings() { return settings_; }
  /// The same policy for all classes of failures; before start().
  void retry_with(const RetryPolicy& policy) { settings_.retry = {policy, policy, policy}; }
  void run() { worker_->run(); }
  /// run() until all retries are through.
  void run_through_retries();
  void pass(std::chrono::milliseconds time) { clock_.pass(time); }
  /// What operators have paused from now on; all else is resumed.
  void pause(Pauses pauses) { pauses_.publish(std::move(pauses)); }

  // ---- what there is to see
  World& world() { return *world_; }
  FakeTopics& topics() { return topics_; }
  Moods& moods() { return moods_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] std::int64_t balance(std::int64_t account);
  [[nodiscard]] std::int64_t version(std::int64_t account);
  /// How the command of this id ended, if it did.
  [[nodiscard]] std::optional<Ending> ending(int n);
  [[nodiscard]] std::string code(int n);
  [[nodiscard]] PositionRow position(int partition);
  /// Over all partitions.
  [[nodiscard]] std::int64_t count(std::int64_t PositionRow::* counter);
  /// Ids of transfers in the journal, by their n.
  [[nodiscard]] std::vector<int> transferred();
  /// Types of the events that this command caused, in order.
  [[nodiscard]] std::vector<std::string> events_of(int n);
  /// How often the decider saw this command.
  [[nodiscard]] int decided(int n) const;
  /// Every record that was delivered has ended.
  [[nodiscard]] bool drained();

  /// Commands that took effect before an earlier one of their key did.
  [[nodiscard]] std::vector<std::string> order_faults();

  /// For tests that break them on purpose.
  void expect_books_unbalanced() { check_books_ = false; }

 private:
  void check_counters();
  void check_money();
  void check_transfers();
  void check_events();
  void check_dead_letters();
  void check_order();

  std::unique_ptr<World> world_;
  ManualClock clock_;
  FakeTopics topics_;
  Moods moods_;
  engine::EngineSettings settings_;
  engine::PauseBoard pauses_;
  std::unique_ptr<Worker> worker_;
  WallTime base_ = clock_.wall();
  std::map<Uuid, Command> delivered_;  // the first of each id
  struct Delivery {
    std::string id;
    std::optional<std::string> key;
    int partition;
  };
  std::vector<Delivery> deliveries_;
  bool check_books_ = true;
};

[[nodiscard]] std::string setup_name(const testing::TestParamInfo<Setup>& info);

/// Runs a suite on both databases, with one and two batches in flight.
#define PAWL_ON_ALL_DATABASES(Suite)                                     \
  INSTANTIATE_TEST_SUITE_P(On,                                           \
                           Suite,                                        \
                           testing::Values(Setup{Backend::fakes, 1},     \
                                           Setup{Backend::fakes, 2},     \
                                           Setup{Backend::postgres, 1},  \
                                           Setup{Backend::postgres, 2}), \
                           setup_name)

}  // namespace pawl::test
