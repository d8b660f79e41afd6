// The broker floor: the commands fetched and the events published as a worker does it, and nothing
// else.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/floor/recording.h"
#include "bench/interrupt.h"
#include "pawl/engine/mailbox.h"
#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/producer_settings.h"
#include "pawl/kafka/publisher.h"

namespace pawl::bench {

/// Fetches a topic through the worker's intake, as a group of its own. Thread inside.
class CommandReader {
 public:
  /// Joins the group. `commands`: so many there are. Throws Failure.
  CommandReader(kafka::LaneIntakeSettings settings, std::uint64_t commands);
  ~CommandReader();
  CommandReader(const CommandReader&) = delete;
  CommandReader& operator=(const CommandReader&) = delete;

  /// Whether the lanes are ours: then begin() starts the fetching at once.
  [[nodiscard]] bool ready() const { return ready_; }
  void begin();
  /// So many commands may be taken now, in all; what librdkafka fetches ahead has its own bound.
  void allow(std::uint64_t commands);
  [[nodiscard]] bool done() const { return read_ >= commands_; }
  /// Throws what ended the reading.
  void require_well() const;

 private:
  void run(const std::stop_token& stop);
  bool read_mailbox();
  bool take_lanes();
  bool drain();
  void wait(const std::stop_token& stop);
  void wake();

  const std::uint64_t commands_;
  std::atomic<bool> ready_{false}, begun_{false}, failed_{false};
  std::atomic<std::uint64_t> read_{0}, allowed_{0};
  std::exception_ptr failure_;  // set before failed_
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool wake_ = false;

  kafka::LaneIntake intake_;
  engine::Mailbox mailbox_;
  std::optional<engine::Assigned> assigned_;
  std::vector<std::unique_ptr<engine::LaneSource>> sources_;
  std::vector<Record> records_;
  std::jthread thread_;
};

/// Publishes a recording's events through the relay's producer. Thread inside.
class EventWriter {
 public:
  EventWriter(kafka::ProducerSettings settings, const Recording& recording);
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  /// So many batches may be published now, in all.
  void allow(std::size_t batches);
  /// Everything is acknowledged.
  [[nodiscard]] bool done() const { return done_; }
  void require_well() const;

 private:
  void run(const std::stop_token& stop);
  void publish(kafka::Publisher& publisher, const OutboxRows& events, const std::stop_token& stop);
  void take_answers(kafka::Publisher& publisher, std::chrono::milliseconds wait_max);

  kafka::ProducerSettings settings_;
  const Recording& recording_;
  std::atomic<std::size_t> allowed_{0};
  std::atomic<bool> done_{false}, failed_{false};
  std::exception_ptr failure_;
  std::size_t waiting_ = 0;  // published, not acknowledged
  std::jthread thread_;
};

}  // namespace pawl::bench
