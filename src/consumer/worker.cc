#include "pawl/consumer/worker.h"

#include <random>

#include "pawl/consumer/parts.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kHangs = 30s;  // a loop that has not turned for so long is not alive

bool turns(const Clock& clock, SteadyTime heartbeat) {
  return clock.now() - heartbeat < kHangs;
}

}  // namespace

Worker::Worker(config::Settings settings,
               const Registration& registration,
               const observe::Log& log,
               std::function<void(const std::string&)> on_broken)
    : settings_(std::move(settings)),
      log_(log.with({{"consumer", settings_.consumer.name}})),
      on_broken_(std::move(on_broken)),
      metrics_(clock_),
      rotation_metrics_(metrics_, settings_.consumer.name),
      decoder_(registration.types, plain_settings(settings_)) {
  if (settings_.relay.embedded) make_relay();
  rotator_ =
      std::make_unique<rotation::Rotator>(rotation_settings(settings_), rotation_metrics_, log_);
  intake_ = std::make_unique<kafka::LaneIntake>(kafka::LaneIntakeSettings{
      .kafka = kafka_settings(settings_, log_),
      .group = settings_.consumer.name,
      .topics = {settings_.consumer.commands_topic},
      .memory_bytes = static_cast<std::size_t>(settings_.intake.max_bytes),
      .on_failure = [this](const Failure& failure) {
        log_.warn("kafka", {{"code", failure.code()}, {"what", std::string_view(failure.what())}});
      }});
  make_engines(registration);
  admin_ = std::make_unique<http::AdminServer>(
      http::AdminServer::Options{.listen = settings_.admin.listen},
      http::AdminServer::Handlers{.metrics = [this] { return metrics_page(); },
                                  .live = [this] { return live(); },
                                  .ready = [this] { return ready(); }});
}

Worker::~Worker() {
  stop();
}

void Worker::make_relay() {
  relay_metrics_.emplace(metrics_, settings_.consumer.name);
  publisher_ = std::make_unique<kafka::Publisher>(producer_settings(settings_, log_));
  relay_ =
      std::make_unique<relay::Relay>(relay_settings(settings_),
                                     relay::Relay::Parts{.connect = relay_connection(settings_),
                                                         .publisher = *publisher_,
                                                         .metrics = *relay_metrics_,
                                                         .log = log_,
                                                         .clock = clock_});
}

void Worker::make_engines(const Registration& registration) {
  std::random_device chance;
  std::vector<std::string> types;
  for (const codec::CommandType* type : registration.types) types.push_back(type->name);
  for (int number = 0; number < settings_.worker.threads; ++number) {
    engines_.push_back(std::make_unique<EngineThread>(
        EngineThread::Parts{.settings = engine_settings(settings_),
                            .connection = engine_connection(settings_),
                            .owner = process_name(),
                            .domain = registration.make_domain(),
                            .intake = *intake_,
                            .decoder = decoder_,
                            .metrics = metrics_,
                            .command_types = types,
                            .number = number,
                            .log = log_,
                            .clock = clock_,
                            .seed = std::uint64_t{chance()} << 32 | chance(),
                            .on_committed =
                                [this](outbox::CommittedBatch batch) {
                                  if (relay_) relay_->offer(std::move(batch));
                                },
                            .on_broken = on_broken_}));
  }
}

void Worker::start() {
  try {
    check_schema(settings_, log_);
  } catch (const Failure& failure) {
    if (failure.remedy() == Remedy::give_up) throw;
    log_.warn("database cannot be reached yet; waiting",
              {{"what", std::string_view(failure.what())}});
  }
  admin_->start();
  if (relay_) relay_->start();
  rotator_->start();
  for (const auto& engine : engines_) engine->start();
  start_intake();
}

// The first try is made here, so that a missing topic is told at once; a broker that is away is
// waited for in the background.
void Worker::start_intake() {
  try {
    join_group();
  } catch (const Failure& failure) {
    if (failure.remedy() == Remedy::give_up) throw;
    log_.warn("no broker answers yet; waiting", {{"what", std::string_view(failure.what())}});
    joining_ = std::jthread([this](const std::stop_token& stop) { keep_joining(stop); });
  }
}

void Worker::join_group() {
  check_topics(settings_, log_);
  std::vector<engine::LaneOwner*> owners;
  for (const auto& engine : engines_) owners.push_back(&engine->lane_owner());
  intake_->start(owners);
}

void Worker::keep_joining(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(joining_mutex_);
      joining_wake_.wait_for(lock, stop, 2s, [] { return false; });
    }
    if (stop.stop_requested()) return;
    try {
      return join_group();
    } catch (const Failure& failure) {
      if (failure.remedy() == Remedy::give_up) {
        log_.error("cannot join the consumer group", {{"what", std::string_view(failure.what())}});
      }
    }
  }
}

void Worker::stop() {
  joining_.request_stop();
  if (joining_.joinable()) joining_.join();
  intake_->stop();
  for (const auto& engine : engines_) engine->stop();
  rotator_->stop();
  if (relay_) relay_->stop();
  admin_->stop();
}

std::vector<engine::Status> Worker::engines() const {
  std::vector<engine::Status> all;
  for (const auto& engine : engines_) all.push_back(engine->status());
  return all;
}

std::optional<relay::Figures> Worker::relay() const {
  if (!relay_) return std::nullopt;
  return relay_->figures();
}

http::Health Worker::live() const {
  std::vector<http::Check> checks;
  checks.push_back({"poll", turns(clock_, intake_->heartbeat()), "the Kafka poll loop"});
  for (const engine::Status& status : engines()) {
    checks.push_back({"engine", turns(clock_, status.heartbeat), "the engine's loop"});
  }
  if (relay_)
    checks.push_back({"relay", turns(clock_, relay_->figures().heartbeat), "the relay's loop"});
  return http::health_of(std::move(checks));
}

http::Health Worker::ready() const {
  std::vector<http::Check> checks;
  checks.push_back({"broker", intake_->reachable(), settings_.kafka.brokers});
  std::size_t lanes = 0;
  for (const engine::Status& status : engines()) {
    checks.push_back({"database", !status.away, status.away.value_or("")});
    for (const engine::LaneStatus& lane : status.lanes) {
      ++lanes;
      const std::string name = lane.lane.topic + "/" + std::to_string(lane.lane.partition);
      if (lane.stopped) checks.push_back({name, false, *lane.stopped});
    }
  }
  checks.push_back({"lanes", lanes > 0, std::to_string(lanes) + " partitions owned"});
  return http::health_of(std::move(checks));
}

std::string Worker::metrics_page() {
  for (const auto& engine : engines_) {
    const engine::Status status = engine->status();
    std::size_t stopped = 0;
    std::int64_t lag = 0;
    for (const engine::LaneStatus& lane : status.lanes) {
      if (lane.stopped) ++stopped;
      const std::int64_t end = intake_->end_offset(lane.lane);
      if (end > lane.next_offset) lag += end - lane.next_offset;
    }
    engine->metrics().lanes(status.lanes.size(), stopped);
    engine->metrics().lag(lag);
  }
  return metrics_.expose();
}

}  // namespace pawl
