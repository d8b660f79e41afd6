#include "pawl/consumer/parts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>

#include "pawl/config/text_values.h"
#include "pawl/consumer/policies.h"
#include "pawl/core/failure.h"
#include "pawl/kafka/admin.h"
#include "pawl/postgres/migrator.h"
#include "pawl/rotation/rotate.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRelayName = "default";  // all processes on one database share one turn
constexpr std::chrono::milliseconds kIdleMargin = 2s;
constexpr int kErrorLevel = 3;  // syslog's, as librdkafka counts
constexpr int kWarningLevel = 4;
constexpr int kInfoLevel = 6;

LogLevel from_syslog(int level) {
  if (level <= kErrorLevel) return LogLevel::error;
  if (level <= kWarningLevel) return LogLevel::warning;
  return level <= kInfoLevel ? LogLevel::info : LogLevel::debug;
}

engine::StartFrom start_from(config::StartFrom from) {
  switch (from) {
    case config::StartFrom::earliest:
      return engine::StartFrom::earliest;
    case config::StartFrom::latest:
      return engine::StartFrom::latest;
  }
  return engine::StartFrom::earliest;
}

engine::StateSharing sharing(config::StateSharing state) {
  switch (state) {
    case config::StateSharing::adaptive:
      return engine::StateSharing::adaptive;
    case config::StateSharing::owned:
      return engine::StateSharing::owned;
    case config::StateSharing::shared:
      return engine::StateSharing::shared;
  }
  return engine::StateSharing::adaptive;
}

codec::HeaderStyle header_style(config::HeaderStyle style) {
  switch (style) {
    case config::HeaderStyle::native:
      return codec::HeaderStyle::native;
    case config::HeaderStyle::spring:
      return codec::HeaderStyle::spring;
    case config::HeaderStyle::connect:
      return codec::HeaderStyle::connect;
  }
  return codec::HeaderStyle::native;
}

engine::UnknownType unknown_type(config::UnknownType type) {
  switch (type) {
    case config::UnknownType::dead_letter:
      return engine::UnknownType::dead_letter;
    case config::UnknownType::retry_later:
      return engine::UnknownType::retry_later;
  }
  return engine::UnknownType::dead_letter;
}

std::string_view word(config::PlainContentType type) {
  switch (type) {
    case config::PlainContentType::json:
      return "json";
    case config::PlainContentType::protobuf:
      return "protobuf";
  }
  return "impossible";
}

void require_migrated(postgres::Migrator& migrator) {
  const auto history = migrator.status();
  postgres::check_history(history);
  for (const postgres::MigrationStatus& step : history) {
    if (step.applied) continue;
    throw Failure(
        Remedy::give_up,
        "schema_not_migrated",
        fmt::format("the database has not got migration {} ({}); run `pawl migrate up`, or set "
                    "database.migrate_at_start = true for development",
                    step.version,
                    step.name));
  }
}

}  // namespace

std::string process_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return fmt::format("{}:{}", host.data(), getpid());
}

CircuitSettings circuit_settings(const config::Settings& settings) {
  const config::Circuit& circuit = settings.circuit;
  return {.failures_max = circuit.failures_max,
          .window = circuit.window,
          .failure_percent = circuit.failure_percent,
          .probing = {circuit.probe_min, circuit.probe_max}};
}

engine::EngineSettings engine_settings(const config::Settings& settings) {
  std::map<std::string, OnFailure, std::less<>> on_failures;
  for (const auto& [type, word] : settings.on_failure) on_failures.emplace(type, on_failure(word));
  return {.consumer = settings.consumer.name,
          .events_topic = settings.consumer.events_topic,
          .dead_letter_topic = {settings.consumer.dead_letter_topic,
                                header_style(settings.dead_letters.header_style)},
          .start_from = start_from(settings.consumer.start_from),
          .in_flight = settings.engine.in_flight,
          .sharing = sharing(settings.engine.state),
          .batch_commands_max = static_cast<std::size_t>(settings.batch.max_commands),
          .batch_bytes_max = static_cast<std::size_t>(settings.batch.max_bytes),
          .retry = retry_policies(settings.retry),
          .on_failure = std::move(on_failures),
          .unknown_type = unknown_type(settings.consumer.unknown_type),
          .parked_per_key_max = static_cast<std::size_t>(settings.parking.per_key_max),
          .parked_per_lane_max = static_cast<std::size_t>(settings.parking.per_lane_max)};
}

kafka::KafkaSettings kafka_settings(const config::Settings& settings, const observe::Log& log) {
  return {.brokers = settings.kafka.brokers,
          .properties = settings.kafka.revealed_properties(),
          .client_id = "pawl-" + settings.consumer.name,
          .log = [log](int level, std::string_view facility, std::string_view text) {
            log.line(from_syslog(level), "librdkafka", {{"facility", facility}, {"what", text}});
          }};
}

kafka::LaneIntakeSettings intake_settings(const config::Settings& settings,
                                          const observe::Log& log) {
  return {.kafka = kafka_settings(settings, log),
          .group = settings.consumer.name,
          .instance_id = settings.consumer.instance_id,
          .cooperative = settings.consumer.assignment == config::Assignment::cooperative,
          .topics = {settings.consumer.commands_topic},
          .memory_bytes = static_cast<std::size_t>(settings.intake.max_bytes),
          .on_failure = {}};
}

postgres::ConnectionSettings engine_connection(const config::Settings& settings) {
  std::random_device chance;
  auto session = postgres::engine_session(std::uniform_real_distribution<>(0, 1)(chance));
  // The server must not end a transaction before a hung handler has been noticed.
  for (auto& [name, value] : session) {
    if (name == "idle_in_transaction_session_timeout")
      value = fmt::format("{}ms", (settings.worker.handler_deadline + kIdleMargin).count());
  }
  return {.url = settings.database.url.reveal(),
          .application_name = "pawl-" + settings.consumer.name,
          .session = std::move(session)};
}

relay::Settings relay_settings(const config::Settings& settings) {
  relay::Settings relay;
  relay.owner = process_name();
  relay.read.rows_max = static_cast<std::int32_t>(settings.relay.batch_max);
  relay.poll = settings.relay.poll;
  return relay;
}

relay::OutboxSessionFactory relay_connection(const config::Settings& settings) {
  return relay::connect_to(settings.database.url.reveal(), std::string(kRelayName));
}

kafka::ProducerSettings producer_settings(const config::Settings& settings,
                                          const observe::Log& log) {
  return {.kafka = kafka_settings(settings, log), .linger = settings.relay.linger};
}

rotation::RotatorSettings rotation_settings(const config::Settings& settings) {
  rotation::RotatorSettings rotation{.url = settings.database.url.reveal(),
                                     .inbox_period = settings.inbox.rotation_period(),
                                     .outbox_period = settings.outbox.rotation_period};
  // A period shorter than the pause between two checks is kept, too.
  rotation.check_every =
      std::min(rotation.check_every, std::min(rotation.inbox_period, rotation.outbox_period) / 4);
  return rotation;
}

dead_letters::RetentionSettings retention_settings(const config::Settings& settings) {
  const config::Duration keep = settings.dead_letters.retention;
  return {.url = settings.database.url.reveal(),
          .consumer = settings.consumer.name,
          .keep = keep,
          .reason = "dead_letters.retention = " + config::format_duration(keep),
          .archive = settings.dead_letters.archive};
}

std::chrono::milliseconds retention_period(const config::Settings& settings) {
  return std::min<std::chrono::milliseconds>(1min, settings.dead_letters.retention / 4);
}

std::optional<codec::PlainSettings> plain_settings(const config::Settings& settings) {
  const config::Plain& plain = settings.consumer.plain;
  if (plain.type.empty()) return std::nullopt;
  auto taken_apart = codec::plain_settings(plain.type, plain.id, word(plain.content_type));
  if (!taken_apart) throw Failure(Remedy::give_up, "plain_settings", taken_apart.error());
  return *std::move(taken_apart);
}

void check_schema(const config::Settings& settings, const observe::Log& log) {
  postgres::Migrator migrator{settings.database.url.reveal(),
                              postgres::builtin_migrations(),
                              {.application_name = "pawl-" + settings.consumer.name}};
  if (!settings.database.migrate_at_start) return require_migrated(migrator);
  migrator.up(
      {.done =
           [&](const postgres::Migration& step, std::chrono::milliseconds took) {
             log.info(
                 "migrated",
                 {{"version", step.version}, {"name", step.name}, {"duration_ms", took.count()}});
           },
       .waits =
           [&](const postgres::MigrationLockHolder& holder, std::chrono::milliseconds) {
             log.info("another migration is running; waiting",
                      {{"pid", holder.pid}, {"application", holder.application_name}});
           }});
}

void check_topics(const config::Settings& settings, const observe::Log& log) {
  const kafka::KafkaSettings kafka = kafka_settings(settings, log);
  const config::Consumer& consumer = settings.consumer;
  const std::array topics{
      consumer.commands_topic, consumer.events_topic, consumer.dead_letter_topic};
  (void)kafka::require_topics(kafka, topics, 5s);
  const auto description = kafka::Admin(kafka, 2s).describe(consumer.commands_topic, true);
  if (!description.retention) return;  // not told: no right to ask, or a mock
  const auto retention = description.retention->count() < 0 ? std::nullopt : description.retention;
  if (auto problem = rotation::dedupe_window_problem(
          consumer.commands_topic, settings.inbox.dedupe_window, retention)) {
    throw Failure(Remedy::give_up, "dedupe_window", *problem);
  }
}

}  // namespace pawl
