#include "bench/floor/broker_load.h"

#include <array>
#include <utility>

#include "pawl/kafka/publisher.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

// What a lane gives the engine in one turn.
constexpr std::size_t kTurnRecords = 64;
constexpr std::size_t kTurnBytes = std::size_t{1} << 20U;

std::size_t take_answers(kafka::Publisher& publisher, std::chrono::milliseconds wait_max) {
  std::vector<relay::Delivery> deliveries;
  publisher.deliveries(deliveries, wait_max);
  for (const relay::Delivery& delivery : deliveries) {
    if (delivery.failure) throw *delivery.failure;
  }
  return deliveries.size();
}

void publish_all(kafka::Publisher& publisher,
                 const Recording& recording,
                 const std::stop_token& stop) {
  std::size_t waiting = 0;
  for (const RecordedBatch& batch : recording.batches) {
    for (const OutboxRow& row : batch.save.events) {
      while (!publisher.publish(row, 0)) {
        if (stop.stop_requested()) return;
        waiting -= take_answers(publisher, 100ms);
      }
      ++waiting;
    }
    waiting -= take_answers(publisher, 0ms);
  }
  while (waiting > 0 && !stop.stop_requested()) waiting -= take_answers(publisher, 100ms);
}

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
    source->take(records_, kTurnRecords, kTurnBytes);
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
  gate_.open();
  thread_.join();
}

void EventWriter::require_well() const {
  if (failed_) std::rethrow_exception(failure_);
}

void EventWriter::run(const std::stop_token& stop) {
  kafka::Publisher publisher{settings_};
  gate_.pass();
  publish_all(publisher, recording_, stop);
  done_ = !stop.stop_requested();
}

}  // namespace pawl::bench
