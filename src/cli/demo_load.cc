#include "pawl/cli/demo_load.h"

#include <utility>

namespace pawl::cli {
namespace {

using namespace std::chrono_literals;
using command_publisher::GeneratedRecord;
using command_publisher::LoadGenerator;
using command_publisher::LoadRun;

}  // namespace

DemoLoad::DemoLoad(DemoLoadSettings settings)
    : settings_(std::move(settings)), allowed_(settings_.ahead_max) {}

DemoLoad::~DemoLoad() {
  stop();
}

void DemoLoad::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void DemoLoad::let_go() {
  const std::scoped_lock lock(mutex_);
  go_ = true;
  changed_.notify_all();
}

void DemoLoad::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void DemoLoad::consumer_is_behind(std::uint64_t records, std::uint64_t sent_then) {
  const std::uint64_t room = records < settings_.ahead_max ? settings_.ahead_max - records : 0;
  allowed_ = sent_then + room;
}

std::string DemoLoad::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

void DemoLoad::run(const std::stop_token& stop) {
  try {
    send(stop);
  } catch (const std::exception& error) {
    const std::scoped_lock lock(mutex_);
    trouble_ = error.what();
  }
}

void DemoLoad::send(const std::stop_token& stop) {
  LoadGenerator generator{settings_.shape};
  kafka::RecordProducer producer{settings_.producer};
  const SystemClock clock;
  LoadRun run{{.per_second = settings_.per_second},
              {.generator = generator,
               .clock = clock,
               .sink =
                   [&](const GeneratedRecord& record, WallTime now) {
                     producer.produce({.topic = settings_.topic,
                                       .key = record.key,
                                       .value = record.value,
                                       .headers = record.headers,
                                       .timestamp = now});
                     ++sent_;
                   },
               .pause = [&](std::chrono::nanoseconds time) { return wait(stop, time); },
               .room =
                   [this] {
                     const std::uint64_t allowed = allowed_;
                     const std::uint64_t sent = sent_;
                     return allowed > sent ? allowed - sent : 0;
                   }}};
  bool go_on = run.open_accounts();
  producer.flush(10s);
  opened_ = true;
  if (go_on) {
    std::unique_lock lock(mutex_);
    go_on = changed_.wait(lock, stop, [this] { return go_; });
  }
  if (go_on) run.run();
  if (!producer.flush(settings_.producer.delivery_max + 1s) || producer.counts().failed > 0) {
    const std::scoped_lock lock(mutex_);
    trouble_ = "not all commands were acknowledged: " + producer.last_error();
  }
}

bool DemoLoad::wait(const std::stop_token& stop, std::chrono::nanoseconds time) {
  if (time.count() > 0) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, time, [] { return false; });
  }
  return stop.stop_requested();
}

}  // namespace pawl::cli
