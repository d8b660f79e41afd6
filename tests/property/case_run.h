// Runs one case: up to two processes of the consumer, single-threaded, on a manual clock.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "behaviour/worker.h"
#include "property/history.h"
#include "property/promises.h"

namespace pawl::test {

/// The database that a case runs on, in memory or a real one.
class CaseWorld {
 public:
  virtual ~CaseWorld() = default;
  /// Has no accounts yet.
  virtual World& world() = 0;
  /// Redrives at most so many dead letters; returns where their records lie.
  virtual std::vector<Place> redrive(int letters_max) = 0;
  /// The database's clock goes on like the workers'.
  virtual void pass(std::chrono::milliseconds time) = 0;
  /// What `read` reads is of one moment, though a server may be at a COMMIT that nobody waits for.
  virtual void at_one_moment(const std::function<void()>& read) { read(); }
};

class CaseRun {
 public:
  /// Both outlive this.
  CaseRun(const Case& run, CaseWorld& world);

  /// The first promise that was broken, and when; empty: all were kept.
  [[nodiscard]] std::string broken_promise();

  void operator()(const Publish& each);
  void operator()(const OpenAccount& each);
  void operator()(const Work& each);
  void operator()(const Pass& each);
  void operator()(const Restart& each);
  void operator()(const Crash& each);
  void operator()(const Rebalance& each);
  void operator()(const Trouble& each);
  void operator()(const ForeignTransfer& each);
  void operator()(const Redrive& each);

 private:
  struct Process {
    std::unique_ptr<Worker> worker;
    bool outdated = false;  // believes in lanes that have gone elsewhere
  };

  void publish(Publication publication, const std::string& type, const std::string& payload);
  [[nodiscard]] Publication publication_of(const Publish& each) const;
  [[nodiscard]] Process& process(int number);
  [[nodiscard]] std::vector<TopicPartition> lanes_of(int number) const;
  void make(int number);
  void give_up(int number, bool lost);
  void assign(int number);
  bool step();
  void pass(std::chrono::milliseconds time);
  void note();
  void fail_statements(Worker& worker, const Trouble& each);
  void calm_down();
  void drain();
  void run_until_idle();
  [[nodiscard]] bool is_in_flight() const;
  [[nodiscard]] bool is_drained();
  [[nodiscard]] std::map<TopicPartition, std::int64_t> ends() const;
  [[nodiscard]] Promises promises();
  std::string run();

  const Case& case_;
  CaseWorld& surroundings_;
  World& world_;
  ManualClock clock_;
  FakeTopics topics_;
  Moods moods_;
  engine::EngineSettings settings_;
  std::array<Process, 2> processes_;
  std::array<int, 2> owner_{};  // of each partition
  std::uint64_t workers_made_ = 0;
  int redrives_ = 0;
  bool restless_ = false;
  History history_;
  std::map<Place, int> deaths_noted_;
};

}  // namespace pawl::test
