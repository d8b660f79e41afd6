// From settings to the parts' own settings, and what is asked of database and broker before
// anything starts.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "pawl/codec/plain_settings.h"
#include "pawl/config/settings.h"
#include "pawl/dead_letters/retention.h"
#include "pawl/engine/settings.h"
#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/producer_settings.h"
#include "pawl/kafka/settings.h"
#include "pawl/observe/log.h"
#include "pawl/postgres/connection.h"
#include "pawl/relay/relay.h"
#include "pawl/retry/circuit.h"
#include "pawl/rotation/rotator.h"

namespace pawl {

/// "host:pid", for operators.
[[nodiscard]] std::string process_name();
[[nodiscard]] CircuitSettings circuit_settings(const config::Settings& settings);
engine::EngineSettings engine_settings(const config::Settings& settings);
/// `log` must outlive all clients made from it.
[[nodiscard]] kafka::KafkaSettings kafka_settings(const config::Settings& settings,
                                                  const observe::Log& log);
[[nodiscard]] kafka::LaneIntakeSettings intake_settings(const config::Settings& settings,
                                                        const observe::Log& log);
[[nodiscard]] postgres::ConnectionSettings engine_connection(const config::Settings& settings);
[[nodiscard]] relay::Settings relay_settings(const config::Settings& settings);
[[nodiscard]] relay::OutboxSessionFactory relay_connection(const config::Settings& settings);
[[nodiscard]] kafka::ProducerSettings producer_settings(const config::Settings& settings,
                                                        const observe::Log& log);
[[nodiscard]] rotation::RotatorSettings rotation_settings(const config::Settings& settings);
[[nodiscard]] dead_letters::RetentionSettings retention_settings(const config::Settings& settings);
/// How often the retention looks for letters that have become too old.
[[nodiscard]] std::chrono::milliseconds retention_period(const config::Settings& settings);
/// Throws Failure(give_up).
[[nodiscard]] std::optional<codec::PlainSettings> plain_settings(const config::Settings& settings);

/// Migrates if the settings say so. Throws Failure(give_up) when the schema is not what this
/// program needs (what to run), other failures when the database is away.
void check_schema(const config::Settings& settings, const observe::Log& log);

/// Throws Failure(give_up) when a topic is missing or keeps records longer than the inbox remembers
/// ids; other failures when no broker answers.
void check_topics(const config::Settings& settings, const observe::Log& log);

}  // namespace pawl
