#include "bench/floor/broker_load.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

// What a lane gives the engine in one turn.
constexpr std::size_t kTurnRecords = 64;
constexpr std::size_t kTurnBytes = std::size_t{1} << 20U;

}  // namespace

CommandReader::CommandReader(kafka::LaneIntakeSettings settings, std::uint64_t commands)
    : commands_(commands),
      intake_(std::move(settings)),
      mailbox_([this] { wake(); }),
      thread_([this](const std::stop_token& stop) {
        try {
          run(stop);
        } catch (...) {
          failure_ = std::current_exception();
          failed_ = true;
        }
      }) {
  const std::array<engine::LaneOwner*, 1> owners{&mailbox_};
  intake_.start(owners);
}

// The intake waits for the lanes' release, so the thread must still run.
CommandReader::~CommandReader() {
  intake_.stop();
  thread_.request_stop();
  thread_.join();
}

void CommandReader::begin() {
  begun_ = true;
  wake();
}

void CommandReader::allow(std::uint64_t commands) {
  allowed_ = commands;
  wake();
}

void CommandReader::require_well() const {
  if (failed_) std::rethrow_exception(failure_);
}

void CommandReader::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const bool moved = read_mailbox() | take_lanes() | drain();
    if (!moved) wait(stop);
  }
}

bool CommandReader::read_mailbox() {
  std::optional<engine::GroupEvent> event = mailbox_.take();
  if (!event) return false;
  if (auto* assigned = std::get_if<engine::Assigned>(&*event)) {
    assigned_ = std::move(*assigned);
    ready_ = !assigned_->lanes.empty();
  } else {
    assigned_.reset();
    sources_.clear();
    intake_.released(std::get<engine::Revoked>(*event).assignment);
  }
  return true;
}

bool CommandReader::take_lanes() {
  if (!assigned_ || (ready_ && !begun_)) return false;
  std::vector<engine::LaneStart> starts;
  for (const TopicPartition& lane : assigned_->lanes) starts.push_back({lane, 0});
  intake_.start(assigned_->assignment, starts);
  for (const TopicPartition& lane : assigned_->lanes) sources_.push_back(intake_.source(lane));
  assigned_.reset();
  return true;
}

bool CommandReader::drain() {
  std::uint64_t taken = 0;
  for (const auto& source : sources_) {
    records_.clear();
    const std::uint64_t left = allowed_ - std::min<std::uint64_t>(allowed_, read_ + taken);
    source->take(records_, std::min<std::uint64_t>(left, kTurnRecords), kTurnBytes);
    taken += records_.size();
  }
  records_.clear();
  read_ += taken;
  return taken > 0;
}

void CommandReader::wait(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  woken_.wait(lock, stop, [this] { return wake_; });
  wake_ = false;
}

void CommandReader::wake() {
  const std::scoped_lock lock{mutex_};
  wake_ = true;
  woken_.notify_one();
}

EventWriter::EventWriter(kafka::ProducerSettings settings, const Recording& recording)
    : settings_(std::move(settings)),
      recording_(recording),
      thread_([this](const std::stop_token& stop) {
        try {
          run(stop);
        } catch (...) {
          failure_ = std::current_exception();
          failed_ = true;
        }
      }) {}

EventWriter::~EventWriter() {
  thread_.request_stop();
  allow(recording_.batches.size());
  thread_.join();
}

void EventWriter::allow(std::size_t batches) {
  allowed_ = batches;
  allowed_.notify_one();
}

void EventWriter::require_well() const {
  if (failed_) std::rethrow_exception(failure_);
}

void EventWriter::run(const std::stop_token& stop) {
  kafka::Publisher publisher{settings_};
  for (std::size_t batch = 0; batch < recording_.batches.size(); ++batch) {
    allowed_.wait(batch);
    publish(publisher, recording_.batches[batch].save.events, stop);
  }
  while (waiting_ > 0 && !stop.stop_requested()) take_answers(publisher, 100ms);
  done_ = waiting_ == 0;
}

void EventWriter::publish(kafka::Publisher& publisher,
                          const OutboxRows& events,
                          const std::stop_token& stop) {
  for (const OutboxRow& row : events) {
    while (!publisher.publish(row, 0)) {
      if (stop.stop_requested()) return;
      take_answers(publisher, 100ms);
    }
    ++waiting_;
  }
  take_answers(publisher, 0ms);
}

void EventWriter::take_answers(kafka::Publisher& publisher, std::chrono::milliseconds wait_max) {
  std::vector<relay::Delivery> deliveries;
  publisher.deliveries(deliveries, wait_max);
  for (const relay::Delivery& delivery : deliveries) {
    if (delivery.failure) throw *delivery.failure;
  }
  waiting_ -= deliveries.size();
}

}  // namespace pawl::bench
