#include "config_fixture.h"

namespace pawl::config {
namespace {

using namespace std::chrono_literals;

TEST_F(ConfigTest, NamesTopicsAfterDomainAndConsumer) {
  enough();
  environment("PAWL_CONSUMER__NAME", "audit");
  const Consumer consumer = settings().consumer;
  EXPECT_EQ(consumer.name, "audit");
  EXPECT_EQ(consumer.commands_topic, "ledger.commands");
  EXPECT_EQ(consumer.events_topic, "ledger.events");
  EXPECT_EQ(consumer.dead_letter_topic, "ledger.commands.audit.dead");
}

TEST_F(ConfigTest, NamesTheDeadLettersAfterTheTopicThatIsRead) {
  enough();
  environment("PAWL_CONSUMER__COMMANDS_TOPIC", "orders");
  EXPECT_EQ(settings().consumer.dead_letter_topic, "orders.ledger.dead");
}

TEST_F(ConfigTest, ReadsEveryTypeFromToml) {
  toml(R"(
[kafka]
brokers = "a:1, b:2"
[kafka.properties]
security.protocol = "SASL_SSL"
"socket.nagle.disable" = true
[database]
url = "host=db dbname=app"
migrate_at_start = true
[consumer]
start_from = "latest"
[consumer.plain]
type = "orders.v1.Place"
id = "json:/id"
[batch]
max_commands = 250
max_bytes = "512KiB"
[intake]
max_bytes = 2097152
[retry.handler]
delay_max = "5min"
[dead_letters]
header_style = "spring"
retention = "36500d"
archive = "/var/lib/pawl"
allow_edit = true
[log]
level = "debug"
)");
  const Settings s = settings();
  EXPECT_EQ(s.kafka.brokers, "a:1, b:2");
  EXPECT_EQ(s.kafka.properties.at("security.protocol").reveal(), "SASL_SSL");
  EXPECT_EQ(s.kafka.revealed_properties().at("socket.nagle.disable"), "true");
  EXPECT_EQ(s.database.url.reveal(), "host=db dbname=app");
  EXPECT_TRUE(s.database.migrate_at_start);
  EXPECT_EQ(s.consumer.start_from, StartFrom::latest);
  EXPECT_EQ(s.consumer.plain.type, "orders.v1.Place");
  EXPECT_EQ(s.batch.max_commands, 250);
  EXPECT_EQ(s.batch.max_bytes, 512 * kKiB);
  EXPECT_EQ(s.intake.max_bytes, 2 * kMiB);
  EXPECT_EQ(s.retry.handler.delay_max, 5min);
  EXPECT_EQ(s.dead_letters.header_style, HeaderStyle::spring);
  EXPECT_EQ(s.dead_letters.retention, std::chrono::days{36'500});
  EXPECT_EQ(s.dead_letters.archive, "/var/lib/pawl");
  EXPECT_TRUE(s.dead_letters.allow_edit);
  EXPECT_EQ(s.log.level, LogLevel::debug);
}

TEST_F(ConfigTest, DeadLettersAreKeptForThirtyDaysInOurOwnWords) {
  enough();
  const DeadLetters letters = settings().dead_letters;
  EXPECT_EQ(letters.header_style, HeaderStyle::native);
  EXPECT_EQ(letters.retention, std::chrono::days{30});
  EXPECT_EQ(letters.archive, "");
  EXPECT_FALSE(letters.allow_edit);
}

TEST_F(ConfigTest, EnvironmentReadsNumbersSwitchesAndNestedSections) {
  enough();
  environment("PAWL_ENGINE__IN_FLIGHT", "2");
  environment("PAWL_RELAY__EMBEDDED", "false");
  environment("PAWL_BATCH__MAX_BYTES", "2MiB");
  environment("PAWL_CONSUMER__PLAIN__TYPE", "orders.v1.Place");
  environment("PAWL_CONSUMER__PLAIN__ID", "header:id");
  environment("PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL", "SSL");
  const Settings s = settings();
  EXPECT_EQ(s.engine.in_flight, 2);
  EXPECT_FALSE(s.relay.embedded);
  EXPECT_EQ(s.batch.max_bytes, 2 * kMiB);
  EXPECT_EQ(s.consumer.plain.id, "header:id");
  EXPECT_EQ(s.kafka.properties.at("security.protocol").reveal(), "SSL");
}

TEST_F(ConfigTest, CommandLineOutranksEnvironmentOutranksFile) {
  enough();
  toml("[batch]\nmax_commands = 1\n[relay]\nbatch_max = 1\n[engine]\nin_flight = 1\n");
  environment("PAWL_RELAY__BATCH_MAX", "2");
  environment("PAWL_ENGINE__IN_FLIGHT", "2");
  sources.command_line["engine.in_flight"] = "3";
  const Loaded loaded = load();
  EXPECT_EQ(loaded.settings.batch.max_commands, 1);
  EXPECT_EQ(loaded.settings.relay.batch_max, 2);
  EXPECT_EQ(loaded.settings.engine.in_flight, 3);
  EXPECT_TRUE(loaded.origins.at("batch.max_commands").ends_with("pawl.toml:2"));
  EXPECT_EQ(loaded.origins.at("relay.batch_max"), "environment PAWL_RELAY__BATCH_MAX");
  EXPECT_EQ(loaded.origins.at("engine.in_flight"), "command line");
  EXPECT_EQ(loaded.origins.at("log.level"), "default");
}

TEST_F(ConfigTest, OurOwnVariableOutranksDatabaseUrl) {
  enough();
  environment("PAWL_DATABASE__URL", "host=ours");
  EXPECT_EQ(settings().database.url.reveal(), "host=ours");
}

TEST_F(ConfigTest, LibpqsVariablesAreEnoughForADatabase) {
  environment("PAWL_KAFKA__BROKERS", "localhost");
  environment("PGHOST", "/run/postgresql");
  environment("DATABASE_URL", "");
  EXPECT_TRUE(settings().database.url.empty());
}

TEST_F(ConfigTest, AProgramWithoutKafkaOrDatabaseIsNotAskedForThem) {
  sources.needs = {.kafka = false, .database = false, .consumer = false};
  sources.defaults = {};
  EXPECT_EQ(settings().consumer.name, "");
}

TEST_F(ConfigTest, ReadsSecretsFromFilesInEveryWay) {
  environment("PAWL_KAFKA__BROKERS", "localhost");
  const std::string url = write("url", "host=from-file\r\n\n");
  const std::string password = write("password", " p w \n");

  environment("DATABASE_URL_FILE", url);
  environment("PAWL_KAFKA__PROPERTIES__SASL_PASSWORD_FILE", password);
  EXPECT_EQ(settings().database.url.reveal(), "host=from-file");
  EXPECT_EQ(settings().kafka.properties.at("sasl.password").reveal(), " p w ");

  sources.environment = {{"PAWL_KAFKA__BROKERS", "localhost"}, {"PAWL_DATABASE__URL_FILE", url}};
  EXPECT_EQ(settings().database.url.reveal(), "host=from-file");

  sources.environment = {};
  toml("[kafka]\nbrokers = \"b\"\nproperties.sasl.password_file = \"" + password +
       "\"\n[database]\nurl_file = \"" + url + "\"\n");
  EXPECT_EQ(settings().database.url.reveal(), "host=from-file");
  EXPECT_EQ(settings().kafka.properties.at("sasl.password").reveal(), " p w ");
}

TEST_F(ConfigTest, IgnoresVariablesOfThePlatformAndOfTheProgramItself) {
  enough();
  environment("PAWL_LEDGER_SERVICE_HOST", "10.0.0.1");
  environment("PAWL_LEDGER_SERVICE_PORT_ADMIN", "9464");
  environment("PAWL_LEDGER_PORT", "tcp://10.0.0.1:9464");
  environment("PAWL_LEDGER_PORT_9464_TCP_ADDR", "10.0.0.1");
  environment("PAWL_CONFIG", "pawl.toml");
  sources.ignored_environment = {"PAWL_CONFIG"};
  EXPECT_EQ(faults().size(), 0U);
}

TEST_F(ConfigTest, AThirdOfTheWindowLiesBetweenRotations) {
  EXPECT_EQ(Settings{}.inbox.rotation_period() * 3, Settings{}.inbox.dedupe_window);
}

}  // namespace
}  // namespace pawl::config
