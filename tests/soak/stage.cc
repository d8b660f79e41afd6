#include "soak/stage.h"

#include <array>

#include "soak/periods.h"

namespace pawl::soak {
namespace {

// The commands topic promises to keep its records no longer than the inbox remembers ids. In truth
// nothing is deleted while we run: the checker reads everything. The broker looks once after each
// start and then no more, and it deletes whole segments, the last one only when all of it is old.
std::map<std::string, std::string> broker_properties() {
  return {{"log.retention.check.interval.ms", "864000000"}};
}
std::map<std::string, std::string> commands_configs() {
  return {{"retention.ms", std::to_string(kDedupeWindow.count())},
          {"segment.bytes", std::to_string(1 << 30)}};
}

// Durable: nobody survives a database that loses acknowledged commits (DESIGN §2).
postgres::TemporaryServerSettings postgres_settings() {
  return {.durable = true,
          .tcp = true,
          .settings = {
              {"shared_buffers", "256MB"}, {"max_wal_size", "2GB"}, {"autovacuum_naptime", "5s"}}};
}

// Some transfers are refused while somebody says so; toggled without locks on the ledger's tables.
constexpr std::array kRefusal{"CREATE SCHEMA soak",
                              "CREATE TABLE soak.refusal (refused boolean)",
                              R"(
CREATE FUNCTION soak.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM soak.refusal) THEN RAISE check_violation USING MESSAGE = 'refused'; END IF;
  RETURN NEW;
END $$)",
                              R"(
CREATE TRIGGER refuse BEFORE INSERT ON ledger.transfer FOR EACH ROW WHEN (NEW.amount % 101 = 0)
EXECUTE FUNCTION soak.refuse())"};

}  // namespace

Stage::Stage(const Options& options)
    : options_(options),
      broker_(broker_properties()),
      postgres_(postgres_settings()),
      database_(postgres_),
      gated_url_(database_.url_through(database_gate_)),
      sources_{.brokers = {},
               .consumer = "soak",
               .commands_topic = "ledger.commands",
               .events_topic = "ledger.events",
               .dead_letter_topic = "ledger.commands.ledger.dead"} {
  for (const char* statement : kRefusal) database_.execute(statement);
  connect_again();
  broker_.put_behind(broker_gate_);
  broker_.start();
  sources_.brokers = broker_.bootstrap();
  broker_.create_topic(sources_.commands_topic, options.partitions, commands_configs());
  broker_.create_topic(sources_.events_topic, options.partitions);
  broker_.create_topic(sources_.dead_letter_topic, 1);
}

void Stage::connect_again() {
  database_.reconnect();
  database_.execute("SET lock_timeout = '1s'");
}

std::map<std::string, std::string> Stage::environment() const {
  const auto milliseconds = [](auto time) {
    return std::to_string(std::chrono::milliseconds{time}.count()) + "ms";
  };
  return {{"PAWL_KAFKA__BROKERS", broker_gate_.address()},
          {"PAWL_KAFKA__PROPERTIES__SESSION_TIMEOUT_MS", "3000"},
          {"PAWL_KAFKA__PROPERTIES__HEARTBEAT_INTERVAL_MS", "500"},
          {"PAWL_KAFKA__PROPERTIES__RECONNECT_BACKOFF_MAX_MS", "1000"},
          {"PAWL_DATABASE__URL", gated_url_},
          {"PAWL_CONSUMER__NAME", sources_.consumer},
          {"PAWL_CONSUMER__COMMANDS_TOPIC", sources_.commands_topic},
          {"PAWL_CONSUMER__EVENTS_TOPIC", sources_.events_topic},
          {"PAWL_CONSUMER__DEAD_LETTER_TOPIC", sources_.dead_letter_topic},
          {"PAWL_ENGINE__IN_FLIGHT", std::to_string(options_.in_flight)},
          {"PAWL_INBOX__DEDUPE_WINDOW", milliseconds(kDedupeWindow)},
          {"PAWL_RETRY__HANDLER__AGE_MAX", milliseconds(kRetryAge)},
          {"PAWL_RETRY__HANDLER__DELAY_MAX", milliseconds(kRetryWait)},
          {"PAWL_RETRY__DATABASE__AGE_MAX", milliseconds(kRetryAge)},
          {"PAWL_RETRY__DATABASE__DELAY_MAX", milliseconds(kRetryWait)},
          {"PAWL_RETRY__OUTSIDE__AGE_MAX", milliseconds(kRetryAge)},
          {"PAWL_OUTBOX__ROTATION_PERIOD", milliseconds(kOutboxPeriod)},
          {"PAWL_ADMIN__LISTEN", "127.0.0.1:0"}};
}

}  // namespace pawl::soak
