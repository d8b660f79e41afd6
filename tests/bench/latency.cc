#include "bench/latency.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bench/event_log.h"
#include "bench/preload.h"
#include "command_publisher/load_generator.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/record_producer.h"
#include "pawl/kafka/record_reader.h"
#include "pawl/postgres/connection.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kInterval = 1'000'000'000ns / kLatencyRate;
// A broker that has run for days has compiled what it does. At the rate itself, its compiler takes
// the processors away for milliseconds all through the measurement.
constexpr auto kWarmUp = 15s;
constexpr auto kWarmUpInterval = kInterval / 5;
constexpr auto kSettling = 3s;
// Frees WAL segments to be used again, as in a server that has run for days. A new one costs every
// command of 15 ms.
const postgres::Statement kCheckpoint{"", "CHECKPOINT"};
constexpr auto kLastArrivalMax = 15s;
constexpr std::uint64_t kSeed = 1'000'000;  // far from those of the preloaded commands

std::map<std::int32_t, std::int64_t> end_of(const kafka::KafkaSettings& kafka,
                                            const std::string& topic) {
  std::map<std::int32_t, std::int64_t> ends;
  std::int32_t partition = 0;
  for (const auto& mark : kafka::Admin{kafka}.watermarks(topic)) ends[partition++] = mark.high;
  return ends;
}

struct Arrival {
  Uuid cause;
  SteadyTime at;
};

/// Reads new events on a thread of its own, from construction to stop().
class Arrivals {
 public:
  explicit Arrivals(const Stage& stage)
      : reader_(stage.servers().kafka(),
                stage.events(),
                end_of(stage.servers().kafka(), stage.events())),
        thread_([this](const std::stop_token& stop) { read(stop); }) {}

  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// Everything that has come. Throws what ended the reading.
  std::vector<Arrival> stop() {
    thread_.request_stop();
    thread_.join();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(arrivals_);
  }

 private:
  void read(const std::stop_token& stop) {
    try {
      while (!stop.stop_requested()) {
        const auto event = reader_.poll(50ms);
        if (!event) continue;
        const SteadyTime now = std::chrono::steady_clock::now();
        if (const auto cause = cause_of(*event)) arrivals_.push_back({*cause, now});
        count_ = arrivals_.size();
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  kafka::RecordReader reader_;
  std::vector<Arrival> arrivals_;  // the thread's until stop()
  std::atomic<std::size_t> count_{0};
  std::exception_ptr failure_;
  std::jthread thread_;
};

/// When each command was due.
using Schedule = std::unordered_map<Uuid, SteadyTime>;

struct Sender {
  const Stage& stage;
  command_publisher::LoadGenerator generator;
  kafka::RecordProducer producer;
  Sent& sent;

  Uuid send() {
    const auto record = generator.next(SystemClock{}.wall());
    producer.produce({.topic = topic,
                      .partition = std::nullopt,
                      .key = record.key,
                      .value = record.value,
                      .headers = record.headers,
                      .timestamp = {}});
    sent.ids.insert(record.id);
    ++sent.records;
    return record.id;
  }

  std::string topic = stage.commands();
};

// One command each interval. Returns when the next is due.
SteadyTime send_for(Sender& sender,
                    SteadyTime::duration time,
                    SteadyTime::duration interval,
                    SteadyTime due,
                    const Interrupt& interrupt,
                    Schedule* schedule = nullptr) {
  for (const SteadyTime end = due + time; due < end; due += interval) {
    interrupt.pause_until(due);
    const Uuid id = sender.send();
    if (schedule) schedule->emplace(id, due);
  }
  return due;
}

Schedule send_all(Sender& sender, double seconds, const Interrupt& interrupt) {
  Schedule schedule;
  const auto measured =
      std::chrono::duration_cast<SteadyTime::duration>(std::chrono::duration<double>(seconds));
  send_for(sender, kWarmUp, kWarmUpInterval, std::chrono::steady_clock::now(), interrupt);
  sender.stage.connect().execute(kCheckpoint);
  const SteadyTime due =
      send_for(sender, kSettling, kInterval, std::chrono::steady_clock::now(), interrupt);
  send_for(sender, measured, kInterval, due, interrupt, &schedule);
  return schedule;
}

double percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted.at(std::max<std::size_t>(rank, 1) - 1);
}

LatencyFigures figures_of(Schedule schedule, const std::vector<Arrival>& arrivals) {
  std::vector<double> times;
  for (const Arrival& arrival : arrivals) {
    const auto due = schedule.find(arrival.cause);
    if (due == schedule.end()) continue;  // the warm-up, or a repeated publication
    times.push_back(std::chrono::duration<double, std::milli>(arrival.at - due->second).count());
    schedule.erase(due);
  }
  if (!schedule.empty() || times.empty()) {
    throw std::runtime_error(fmt::format("{} commands have no event after {} s",
                                         schedule.size(),
                                         std::chrono::seconds{kLastArrivalMax}.count()));
  }
  std::ranges::sort(times);
  return {percentile(times, 0.5), percentile(times, 0.99), times.back()};
}

}  // namespace

LatencyFigures measure_latency(
    const Stage& stage, const Options& options, int run, Sent& sent, const Interrupt& interrupt) {
  const std::uint64_t before = sent.records;
  Sender sender{
      .stage = stage,
      .generator = command_publisher::LoadGenerator{good_commands(
          options, kSeed + static_cast<std::uint64_t>(run))},
      .producer = kafka::RecordProducer{{.kafka = stage.servers().kafka(), .linger = 0ms}},
      .sent = sent};
  Arrivals arrivals{stage};
  Schedule schedule = send_all(sender, options.latency_seconds, interrupt);
  const SteadyTime deadline = std::chrono::steady_clock::now() + kLastArrivalMax;
  while (arrivals.count() < sent.records - before && std::chrono::steady_clock::now() < deadline) {
    interrupt.pause(5ms);
  }
  return figures_of(std::move(schedule), arrivals.stop());
}

}  // namespace pawl::bench
