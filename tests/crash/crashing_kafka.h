// Kafka's side with crash points in front of it, and the relay's database session with a planted
// bug.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "crash/crash_port.h"
#include "pawl/engine/ports.h"
#include "pawl/relay/outbox_session.h"
#include "pawl/relay/ports.h"
#include "support/forwarding_session.h"

namespace pawl::test {

class CrashingLaneSource final : public engine::LaneSource {
 public:
  CrashingLaneSource(std::unique_ptr<engine::LaneSource> source, CrashPort& port)
      : source_(std::move(source)), port_(port) {}
  void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) override {
    const std::size_t before = into.size();
    source_->take(into, records_max, bytes_max);
    if (into.size() > before) static_cast<void>(port_.pass(Point::after_poll));
  }

 private:
  std::unique_ptr<engine::LaneSource> source_;
  CrashPort& port_;
};

class CrashingIntake final : public engine::Intake {
 public:
  CrashingIntake(engine::Intake& intake, CrashPort& port) : intake_(intake), port_(port) {}
  void start(std::uint64_t assignment, std::span<const engine::LaneStart> lanes) override {
    intake_.start(assignment, lanes);
  }
  std::unique_ptr<engine::LaneSource> source(const TopicPartition& lane) override {
    return std::make_unique<CrashingLaneSource>(intake_.source(lane), port_);
  }
  void released(std::uint64_t assignment) override { intake_.released(assignment); }
  [[nodiscard]] bool is_settled() const override { return intake_.is_settled(); }
  std::int32_t partitions(const std::string& topic) override { return intake_.partitions(topic); }
  std::int64_t resolve(const TopicPartition& lane, engine::StartFrom from) override {
    return intake_.resolve(lane, from);
  }
  void report(std::span<const engine::LaneStart> next) override {
    static_cast<void>(port_.pass(Point::before_offsets));
    intake_.report(next);
  }

 private:
  engine::Intake& intake_;
  CrashPort& port_;
};

class CrashingPublisher final : public relay::Publisher {
 public:
  CrashingPublisher(relay::Publisher& publisher, CrashPort& port)
      : publisher_(publisher), port_(port) {}
  bool publish(const OutboxRow& row, std::uint64_t tag) override {
    return publisher_.publish(row, tag);
  }
  bool publish_alone(const OutboxRow& row, std::uint64_t tag) override {
    return publisher_.publish_alone(row, tag);
  }
  void deliveries(std::vector<relay::Delivery>& into, std::chrono::milliseconds wait_max) override {
    const std::size_t before = into.size();
    publisher_.deliveries(into, wait_max);
    if (into.size() > before) static_cast<void>(port_.pass(Point::published));
  }
  void drop_queued() override { publisher_.drop_queued(); }
  void on_delivery(std::function<void()> wake) override { publisher_.on_delivery(std::move(wake)); }

 private:
  relay::Publisher& publisher_;
  CrashPort& port_;
};

/// The naive relay: asks only for what is above the last number, and takes every hole for a dead
/// one.
class ForgetfulOutboxSession final : public ForwardingSession {
 public:
  using ForwardingSession::ForwardingSession;
  void ask_rows(const relay::ReadRequest& request) override {
    relay::ReadRequest naive = request;
    naive.holes.clear();
    ForwardingSession::ask_rows(naive);
  }
  void ask_to_store(std::int64_t epoch, const relay::StoredPosition& position) override {
    ForwardingSession::ask_to_store(epoch, {.batch = position.batch, .holes = {}});
  }
};

}  // namespace pawl::test
