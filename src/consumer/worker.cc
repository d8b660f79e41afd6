#include "pawl/consumer/worker.h"

#include <algorithm>
#include <random>

#include "pawl/consumer/parts.h"
#include "pawl/core/rfc3339.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kPausesEvery = 500ms;
constexpr std::chrono::seconds kHangs = 30s;  // a loop that has not turned for so long is not alive

bool turns(const Clock& clock, SteadyTime heartbeat) {
  return clock.now() - heartbeat < kHangs;
}

std::vector<std::string> names_of(const Registration& registration) {
  std::vector<std::string> names;
  for (const codec::CommandType* type : registration.types) names.push_back(type->name);
  return names;
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
      dead_letter_metrics_(metrics_, settings_.consumer.name),
      circuit_metrics_(metrics_, settings_.consumer.name),
      circuits_({.settings = circuit_settings(settings_),
                 .clock = clock_,
                 .seed = std::random_device{}(),
                 .on_change = [this](const CircuitView& circuit) { on_circuit(circuit); }}),
      decoder_(registration.types, plain_settings(settings_)) {
  if (settings_.relay.embedded) make_relay();
  rotator_ =
      std::make_unique<rotation::Rotator>(rotation_settings(settings_), rotation_metrics_, log_);
  retention_.emplace(retention_settings(settings_),
                     dead_letters::Retention::Parts{
                         .metrics = dead_letter_metrics_, .log = log_, .clock = clock_});
  expiring_letters_.emplace(
      "pawl letters", retention_period(settings_), [this] { retention_->turn(); });
  make_intake();
  make_engines(registration);
  make_pauses(registration);
  make_watches();
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

void Worker::make_intake() {
  kafka::LaneIntakeSettings settings = intake_settings(settings_, log_);
  settings.on_failure = [this](const Failure& failure) {
    log_.warn("kafka", {{"code", failure.code()}, {"what", std::string_view(failure.what())}});
  };
  settings.on_fatal = [this](const Failure& failure) { on_broken_(failure.what()); };
  intake_ = std::make_unique<kafka::LaneIntake>(std::move(settings));
}

void Worker::make_engines(const Registration& registration) {
  std::random_device chance;
  const std::vector<std::string> types = names_of(registration);
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
                            .circuits = circuits_,
                            .seed = std::uint64_t{chance()} << 32 | chance(),
                            .on_committed =
                                [this](outbox::CommittedBatch batch) {
                                  if (relay_) relay_->offer(std::move(batch));
                                },
                            .pauses = pauses_,
                            .on_broken = on_broken_}));
  }
}

void Worker::make_pauses(const Registration& registration) {
  pause_reader_.emplace(PauseReaderSettings{.url = settings_.database.url.reveal(),
                                            .consumer = settings_.consumer.name,
                                            .command_types = names_of(registration)},
                        PauseReader::Parts{.board = pauses_,
                                           .on_change =
                                               [this] {
                                                 for (const auto& engine : engines_)
                                                   engine->lane_owner().wake();
                                               },
                                           .metrics = metrics_,
                                           .log = log_,
                                           .clock = clock_});
  circuit_teller_.emplace(circuits_, settings_.database.url.reveal(), settings_.consumer.name);
  reading_pauses_.emplace("pawl pauses", kPausesEvery, [this] {
    pause_reader_->turn();
    circuit_teller_->turn();
  });
}

void Worker::make_watches() {
  const std::chrono::milliseconds period =
      std::clamp<std::chrono::milliseconds>(settings_.worker.handler_deadline / 8, 20ms, 1s);
  handler_watches_.assign(engines_.size(), {settings_.worker.handler_deadline, period});
  watching_handlers_.emplace("pawl handlers", period, [this] { look_at_handlers(); });
  broker_view_ = std::make_unique<BrokerView>(kafka_settings(settings_, log_), clock_);
  lane_watch_ = std::make_unique<LaneWatch>(
      settings_.consumer.name,
      settings_.intake.stuck_after,
      LaneWatch::Parts{
          .engines = [this] { return engines(); },
          .end_of = [this](const TopicPartition& lane) { return broker_view_->end_of(lane); },
          .readable = [this](const TopicPartition& lane,
                             std::int64_t offset) { return broker_view_->readable(lane, offset); },
          .recreate = [this] { intake_->recreate(); },
          .metrics = metrics_,
          .log = log_,
          .clock = clock_});
  watching_lanes_.emplace("pawl lanes", lane_watch_->period(), [this] { lane_watch_->look(); });
}

void Worker::on_circuit(const CircuitView& circuit) {
  circuit_metrics_.changed(circuit.dependency, circuit.open);
  if (circuit.open) {
    log_.error(
        "circuit open: what needs the service waits, no attempt is counted; `pawl status` says why",
        {{"dependency", circuit.dependency}});
  } else {
    log_.info("circuit closed", {{"dependency", circuit.dependency}});
  }
}

void Worker::look_at_handlers() {
  for (std::size_t i = 0; i < engines_.size(); ++i) {
    const engine::Handling::Seen seen = engines_[i]->handling();
    if (handler_watches_[i].hangs(seen, clock_.now())) give_up(seen, engines_[i]->stack());
  }
}

// A thread that hangs cannot be got back. Others take the lanes over at once; whatever this process
// still sends to the database is fenced.
void Worker::give_up(const engine::Handling::Seen& hung, const std::string& stack) {
  log_.error(
      "a handler hangs; leaving the group and ending the process. The command comes again to the "
      "lane's next owner, which gives it up when it has hung there, too: mend the handler, or "
      "raise worker.handler_deadline",
      {{"topic", settings_.consumer.commands_topic},
       {"partition", hung.partition},
       {"offset", hung.offset},
       {"command_type", hung.type->name},
       {"deadline_ms", settings_.worker.handler_deadline.count()},
       {"stack", stack}});
  intake_->abandon();
  intake_->stop();
  on_broken_("the handler of " + hung.type->name + " did not come back within " +
             std::to_string(settings_.worker.handler_deadline.count()) + " ms");
}

void Worker::start() {
  intake_->check_library();
  try {
    check_schema(settings_, log_);
    pause_reader_->turn();  // engines wait for its first answer
  } catch (const Failure& failure) {
    if (failure.remedy() == Remedy::give_up) throw;
    log_.warn("database cannot be reached yet; waiting",
              {{"what", std::string_view(failure.what())}});
  }
  admin_->start();
  if (relay_) relay_->start();
  rotator_->start();
  expiring_letters_->start();
  reading_pauses_->start();
  for (const auto& engine : engines_) engine->start();
  watching_handlers_->start();
  watching_lanes_->start();
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
  watching_handlers_->stop();  // after the engines: one of them may hang
  watching_lanes_->stop();     // may be waiting for the broker: the lanes are free already
  reading_pauses_->stop();
  retention_->interrupt();
  expiring_letters_->stop();
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
    checks.push_back(
        {std::string(status.away_from),
         !status.away,
         status.away ? "since " + rfc3339(status.away_since) + ": " + *status.away : ""});
    for (const engine::LaneStatus& lane : status.lanes) {
      ++lanes;
      const std::string name = lane.lane.topic + "/" + std::to_string(lane.lane.partition);
      if (lane.stopped) checks.push_back({name, false, *lane.stopped});
    }
  }
  for (const CircuitView& circuit : circuits_.view()) {
    checks.push_back({circuit.dependency,
                      !circuit.open,
                      circuit.open ? "not called since " + rfc3339(circuit.since) : ""});
  }
  for (const TopicPartition& lane : lane_watch_->stuck()) {
    checks.push_back({lane.topic + "/" + std::to_string(lane.partition),
                      false,
                      "stuck: it has lag and has not moved for intake.stuck_after"});
  }
  checks.push_back({"lanes", lanes > 0, std::to_string(lanes) + " partitions owned"});
  for (const Pause& pause : pauses_.read()) checks.push_back({"paused", true, describe(pause)});
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
