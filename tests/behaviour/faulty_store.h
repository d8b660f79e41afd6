// Stands between the engine and its store, the fake or the real one, and breaks things on demand:
// answers fail, come late, or never; connections are lost at a chosen point; the database is away.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pawl/engine/store.h"

namespace pawl::test {

enum class Step { take_parked, claim, load, save, fence, commit };

class FaultySession;

class FaultyStore final : public engine::Store {
 public:
  /// `forgets_held`: a bug, for a checker to find.
  explicit FaultyStore(engine::Store& inner, bool forgets_held = false)
      : inner_(inner), forgets_held_(forgets_held) {}
  ~FaultyStore() override;

  // ---- verbs for tests

  /// The next `times` requests of this kind are answered by this failure.
  void fail_next(Step step, Failure failure, int times = 1) {
    failures_[step].insert(failures_[step].end(), times, failure);
  }
  /// The next request of this kind is done, but its answer is not delivered until let_go() or
  /// cut().
  void hold_next(Step step) { hold_[step] = true; }
  /// The next COMMIT does not reach the server until let_go(); never, after cut().
  void hold_next_commit_back() { hold_commit_back_ = true; }
  /// Whether something is held.
  [[nodiscard]] bool holding() const;
  void let_go();
  /// The server refuses the COMMIT that is kept back.
  void refuse_held(const Failure& failure);
  /// The engine's connections are lost now. What is held is never answered.
  void cut();
  /// The server answers the next COMMIT with ROLLBACK.
  void roll_back_next_commit() { roll_back_commit_ = true; }
  /// The connection is lost when the next COMMIT is sent: before it reaches the server, or after
  /// the server committed.
  void cut_before_commit() { cut_before_commit_ = true; }
  void cut_after_commit() { cut_after_commit_ = true; }
  /// So many attempts to connect fail.
  void be_away(int reconnects) { away_ = reconnects; }

  // ---- what happened

  [[nodiscard]] int reconnects() const { return reconnects_; }
  /// Commands of each claim so far.
  [[nodiscard]] const std::vector<std::size_t>& claims() const { return claims_; }
  /// Each mark that was written: how many crashes it would stand for.
  [[nodiscard]] const std::vector<int>& marks() const { return marks_; }
  /// How many transactions were open at the same time, at most.
  [[nodiscard]] int open_max() const { return open_max_; }
  [[nodiscard]] int rollbacks() const { return rollbacks_; }
  /// Whether any load asked for locks.
  [[nodiscard]] bool locked() const { return locked_; }

  // ---- engine::Store
  void reconnect(int sessions) override;
  engine::Session& session(int index) override;
  std::int64_t new_epoch() override { return inner_.new_epoch(); }
  std::vector<engine::Position> positions(std::span<const TopicPartition> lanes) override {
    return inner_.positions(lanes);
  }
  bool topic_is_known(const std::string& topic) override { return inner_.topic_is_known(topic); }
  void add_positions(std::span<const engine::Position> first) override {
    inner_.add_positions(first);
  }
  std::vector<engine::Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) override {
    return inner_.take_over(lanes, epoch);
  }
  std::vector<engine::Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) override {
    return inner_.take_back(lanes, mine, epoch);
  }
  void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) override {
    inner_.give_up(lanes, epoch);
  }
  bool mark(std::span<const engine::LaneMark> marks, std::int64_t epoch) override {
    for (const engine::LaneMark& each : marks) marks_.push_back(each.mark.crashes);
    return inner_.mark(marks, epoch);
  }
  std::vector<engine::HeldKeyFound> held(std::span<const TopicPartition> lanes) override {
    return forgets_held_ ? std::vector<engine::HeldKeyFound>{} : inner_.held(lanes);
  }
  void wait(std::chrono::milliseconds wait_max) override { inner_.wait(wait_max); }
  void wake() override { inner_.wake(); }

 private:
  friend class FaultySession;
  enum class Plan { pass, fail, hold_answer, hold_request, roll_back, cut_before, cut_after };
  Plan plan(Step step);
  Failure take_failure(Step step);
  void opened(int change);

  engine::Store& inner_;
  bool forgets_held_;
  std::vector<std::unique_ptr<FaultySession>> sessions_;
  std::map<Step, std::deque<Failure>> failures_;
  std::map<Step, bool> hold_;
  bool hold_commit_back_ = false;
  bool roll_back_commit_ = false;
  bool cut_before_commit_ = false;
  bool cut_after_commit_ = false;
  int away_ = 0;
  int reconnects_ = 0;
  std::vector<std::size_t> claims_;
  std::vector<int> marks_;
  int open_ = 0;
  int open_max_ = 0;
  int rollbacks_ = 0;
  bool locked_ = false;
};

/// Answers in the order of the requests; each is the inner session's, or one made up here.
class FaultySession final : public engine::Session {
 public:
  FaultySession(FaultyStore& store, engine::Session& inner) : store_(store), inner_(inner) {}

  void take_parked(const engine::TakeParkedRequest& request) override;
  void claim(const engine::ClaimRequest& request) override;
  void load(const engine::LoadRequest& request) override;
  void save(const engine::SaveRequest& request) override;
  void fence(const engine::FenceRequest& request) override;
  void commit() override;
  std::optional<engine::Answer> receive() override;
  postgres::HandlerTransaction& handlers() override { return inner_.handlers(); }
  void rollback() override;

  [[nodiscard]] bool holding() const;
  void let_go();
  void refuse_held(const Failure& failure);
  void cut();

 private:
  struct Expected {
    std::optional<engine::Answer> made_up{};
    bool held = false;
    bool not_sent = false;        // a COMMIT that is kept back
    bool lost_when_here = false;  // the answer is thrown away with the connection
    bool ends = false;            // of COMMIT
  };
  template <class Send>
  void request(Step step, Send send);
  engine::Answer rolled_back();

  FaultyStore& store_;
  engine::Session& inner_;
  std::deque<Expected> expected_;
  bool cut_ = false;
  bool cut_told_ = false;
};

}  // namespace pawl::test
