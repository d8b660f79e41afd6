// The demo's sender: a thread that produces ledger commands at a rate and waits when the consumer
// falls behind.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "command_publisher/load_run.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::cli {

struct DemoLoadSettings {
  command_publisher::LoadShape shape;
  double per_second = 0;
  std::uint64_t ahead_max = 10'000;  // records sent and not yet received; then it waits
  std::string topic;
  kafka::ProducerSettings producer;
};

/// Owned by the demo. start() and stop() from one thread; the rest is safe from any.
class DemoLoad {
 public:
  explicit DemoLoad(DemoLoadSettings settings);
  /// stop()
  ~DemoLoad();
  DemoLoad(const DemoLoad&) = delete;
  DemoLoad& operator=(const DemoLoad&) = delete;

  /// Opens the accounts, then waits for let_go().
  void start();
  /// The accounts are known to the consumer: send the rest.
  void let_go();
  /// Sends no more and waits for what is under way. May be called twice, and before start().
  void stop();

  /// Tells how far behind the consumer is, and what had been sent when that was read.
  void consumer_is_behind(std::uint64_t records, std::uint64_t sent_then);

  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
  /// All accounts are sent.
  [[nodiscard]] bool opened() const noexcept { return opened_; }
  /// Why sending ended before it was told to; empty while it goes on.
  [[nodiscard]] std::string trouble() const;

 private:
  void run(const std::stop_token& stop);
  void send(const std::stop_token& stop);
  bool wait(const std::stop_token& stop, std::chrono::nanoseconds time);

  DemoLoadSettings settings_;
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> allowed_;  // of sent_
  std::atomic<bool> opened_{false};
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool go_ = false;
  std::string trouble_;
  std::jthread thread_;
};

}  // namespace pawl::cli
