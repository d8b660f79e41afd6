#include "crash/world.h"

#include <fmt/format.h>

#include "crash/checker.h"
#include "crash/programs.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/seed.h"

namespace pawl::test {
namespace {

using command_publisher::LoadGenerator;
using command_publisher::LoadShape;
using namespace std::chrono_literals;

LoadShape shape_of(const WorldSettings& settings) {
  return {.accounts = settings.accounts,
          .captures = 0.05,
          .closings = settings.closings,
          .duplicates = 0.08,
          .rejections = 0.05,
          .garbage = 0.02,
          .seed = seed()};
}

Sources sources_of(const WorldSettings& settings) {
  KafkaServer& kafka = settings.kafka != nullptr ? *settings.kafka : shared_kafka();
  const std::string domain = unique_name("ledger");
  return {.brokers = kafka.bootstrap(),
          .consumer = domain,
          .commands_topic = domain + ".commands",
          .events_topic = domain + ".events",
          .dead_letter_topic = domain + ".dead"};
}

testing::AssertionResult verdict(const std::vector<std::string>& faults) {
  if (faults.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << faults.size() << " promises broken:\n" << as_text(faults);
}

}  // namespace

World::World(WorldSettings settings)
    : sources_(sources_of(settings)), generator_(shape_of(settings)) {
  KafkaServer& kafka = settings.kafka != nullptr ? *settings.kafka : shared_kafka();
  kafka.create_topic(sources_.commands_topic, settings.partitions, settings.topic_configs);
  kafka.create_topic(sources_.events_topic, settings.partitions, settings.topic_configs);
  kafka.create_topic(sources_.dead_letter_topic, 1, settings.topic_configs);
  database_ = settings.server != nullptr ? std::make_unique<Database>(*settings.server)
                                         : std::make_unique<Database>();
  write_config(settings);
}

void World::write_config(const WorldSettings& settings) {
  config_file_ = folder_.path() / "ledger.toml";
  std::string member;
  if (!settings.member.empty()) member = fmt::format("instance_id = \"{}\"\n", settings.member);
  write_file(config_file_,
             fmt::format(R"([kafka]
brokers = "{}"
[kafka.properties]
"session.timeout.ms" = "1500"
"heartbeat.interval.ms" = "300"
"reconnect.backoff.max.ms" = "1000"
[database]
url = "{}"
[consumer]
{}name = "{}"
commands_topic = "{}"
events_topic = "{}"
dead_letter_topic = "{}"
[engine]
in_flight = {}
[batch]
max_commands = {}
[inbox]
dedupe_window = "8d"
[admin]
listen = "127.0.0.1:0"
)",
                         settings.kafka_gate ? settings.kafka_gate->address() : sources_.brokers,
                         settings.database_gate ? database_->url_through(*settings.database_gate)
                                                : database_->url(),
                         member,
                         sources_.consumer,
                         sources_.commands_topic,
                         sources_.events_topic,
                         sources_.dead_letter_topic,
                         settings.in_flight,
                         settings.batch_commands));
}

std::unique_ptr<Process> World::start(std::vector<std::string> command,
                                      std::map<std::string, std::string> environment) const {
  return std::make_unique<Process>(ProcessSettings{.command = std::move(command),
                                                   .environment = std::move(environment),
                                                   .input = {},
                                                   .folder = {}});
}

std::unique_ptr<Process> World::start_ledger(std::map<std::string, std::string> environment) const {
  return start({ledger_program(), "--config", config_file_}, std::move(environment));
}

std::unique_ptr<Process> World::start_crash_worker(
    std::vector<std::string> arguments, std::map<std::string, std::string> environment) const {
  std::vector<std::string> command{crash_worker_program(), "--config", config_file_};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return start(std::move(command), std::move(environment));
}

void World::produce(std::uint64_t count) {
  produce(generator_, count);
}

void World::produce(LoadGenerator& generator, std::uint64_t count) {
  const SystemClock clock;
  while (generator.opening()) send(generator.next(clock.wall()), clock.wall());
  for (std::uint64_t i = 0; i < count; ++i) send(generator.next(clock.wall()), clock.wall());
  flush();
}

void World::flush() {
  ASSERT_TRUE(producer_);
  ASSERT_TRUE(producer_->flush(60s)) << producer_->last_error();
  ASSERT_EQ(producer_->counts().delivered, produced_) << producer_->last_error();
}

void World::send(const command_publisher::GeneratedRecord& record, WallTime now) {
  if (!producer_) {
    producer_ = std::make_unique<kafka::RecordProducer>(kafka::ProducerSettings{
        .kafka = {.brokers = sources_.brokers, .properties = {{"message.max.bytes", "4194304"}}},
        .linger = 5ms,
        .queue_records = 20'000});
  }
  producer_->produce({.topic = sources_.commands_topic,
                      .key = record.key,
                      .value = record.value,
                      .headers = record.headers,
                      .timestamp = now});
  ++produced_;
}

std::int64_t World::commits() {
  return database_->number("SELECT coalesce(sum(commits), 0)::bigint FROM pawl.consumer_position");
}

std::int64_t World::received() {
  return database_->number("SELECT coalesce(sum(received), 0)::bigint FROM pawl.consumer_position");
}

std::string World::unfinished() {
  const auto received = static_cast<std::uint64_t>(this->received());
  if (received < produced_) return fmt::format("{} of {} records have ended", received, produced_);
  const std::int64_t parked = database_->number("SELECT count(*) FROM pawl.parked_command");
  if (parked > 0) return fmt::format("{} commands are parked", parked);
  const std::int64_t waiting = database_->number(R"(
SELECT count(*) FROM pawl.outbox o
WHERE NOT EXISTS (SELECT FROM pawl.relay_position)
   OR EXISTS (SELECT FROM pawl.relay_position r WHERE o.batch > r.batch OR o.batch = ANY (r.holes)))");
  return waiting > 0 ? fmt::format("{} events wait to be published", waiting) : "";
}

testing::AssertionResult World::drains(std::chrono::milliseconds deadline) {
  return eventually_without("everything is done", [this] { return unfinished(); }, deadline);
}

void World::end_relay_turn() {
  database_->execute(
      "UPDATE pawl.relay_position SET updated_at = updated_at - interval '1 minute'");
}

void World::reconnect() {
  database_->reconnect();
}

Observation World::observation() {
  return observe(sources_, *database_);
}

testing::AssertionResult World::holds() {
  return verdict(faults_of(observation()));
}

testing::AssertionResult World::holds_and_gave_nothing_up() {
  const Observation seen = observation();
  std::vector<std::string> faults = faults_of(seen);
  for (std::string& given_up : given_up_in(seen)) faults.push_back(std::move(given_up));
  return verdict(faults);
}

}  // namespace pawl::test
