#include "config_fixture.h"

namespace pawl::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(ConfigTest, TellsWhatIsMissing) {
  sources.defaults = {};
  EXPECT_THAT(faults(),
              ElementsAre(HasSubstr("kafka.brokers is not set"),
                          HasSubstr("no database is named"),
                          HasSubstr("consumer.name is not set")));
}

TEST_F(ConfigTest, TellsAllFaultsAtOnceWithTheirPlaces) {
  toml(R"([kafka]
brokers = "localhost:9092x"
[batch]
max_comands = 5
max_bytes = "1MB"
[retry.handler]
attempts_max = "3"
delay_min = 100
delay_max = "10 parsecs"
[engine]
in_flight = 9
)");
  environment("PAWL_LOG__LEVEL", "loud");
  environment("PAWL_KAFKA_BROKERS", "localhost");
  environment("DATABASE_URL", "hunter2");
  EXPECT_THAT(
      faults(),
      testing::UnorderedElementsAre(
          "pawl.toml:2: kafka.brokers = \"localhost:9092x\"; expected \"host:port\", "
          "several separated by commas",
          "pawl.toml:4: unknown setting batch.max_comands; expected batch.max_commands; "
          "correct or remove it",
          "pawl.toml:5: batch.max_bytes = \"1MB\"; expected a size from \"1KiB\" to "
          "\"1GiB\" (units B, KiB, "
          "MiB, GiB) or a number of bytes",
          "pawl.toml:7: retry.handler.attempts_max = \"3\"; expected a whole number from 1 to "
          "1000",
          "pawl.toml:8: retry.handler.delay_min = 100; expected a duration from \"1ms\" to "
          "\"7d\" (units ms, s, min, h, d)",
          StartsWith("pawl.toml:9: retry.handler.delay_max = \"10 parsecs\"; expected a duration"),
          "pawl.toml:11: engine.in_flight = 9; expected a whole number from 1 to 3",
          "PAWL_LOG__LEVEL: log.level = \"loud\"; expected one of \"debug\", \"info\", "
          "\"warning\", \"error\"",
          "PAWL_KAFKA_BROKERS: no setting has this variable; expected PAWL_KAFKA__BROKERS; "
          "rename or unset it",
          AllOf(StartsWith("DATABASE_URL: database.url is not usable"),
                Not(HasSubstr("hunter2")))));
}

TEST_F(ConfigTest, AFileThatIsNoTomlIsOneFaultWithLineAndColumn) {
  enough();
  toml("[kafka]\nbrokers = localhost\n");
  EXPECT_THAT(faults(), ElementsAre(StartsWith("pawl.toml:2:11: not valid TOML: ")));
}

TEST_F(ConfigTest, AnUnreadableFileIsTheOnlyFaultToldOfIt) {
  sources.file = path("none.toml");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("cannot read the configuration file: No such file")));
  sources.file = path("");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("Is a directory")));
}

TEST_F(ConfigTest, AnEmptyFileIsNone) {
  enough();
  toml("");
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ConfigTest, KnowsSectionsFromSettings) {
  enough();
  toml("retry = 5\n[kafka.properties]\n[batch]\n[conumer]\n[bach]\nmax_bytes = 5\n");
  EXPECT_THAT(faults(),
              testing::UnorderedElementsAre("pawl.toml:1: retry is a section, not a setting; "
                                            "expected [retry] with its settings below",
                                            StartsWith("pawl.toml:4: unknown setting conumer"),
                                            "pawl.toml:6: unknown setting bach.max_bytes; expected "
                                            "batch.max_bytes; correct or remove it"));
}

TEST_F(ConfigTest, ListsTheSectionsKeysWhenNoneIsNear) {
  enough();
  toml("[shutdown]\ntimeout = \"25s\"\n");
  EXPECT_THAT(faults(),
              ElementsAre("pawl.toml:2: unknown setting shutdown.timeout; expected one of "
                          "shutdown.deadline; remove it"));
}

TEST_F(ConfigTest, FindsTheKeyInTheRightSection) {
  enough();
  toml("[kafka]\ndedupe_window = \"7d\"\n");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("expected inbox.dedupe_window")));
}

TEST_F(ConfigTest, RefusesPropertiesThatAreNotOnTheList) {
  enough();
  toml(
      "[kafka.properties]\nsecurity.protocl = \"SSL\"\nbootstrap.servers = \"b\"\nssl.ca.location "
      "= [\"a\"]\n");
  environment("PAWL_KAFKA__PROPERTIES__GROUP_ID", "g");
  EXPECT_THAT(
      faults(),
      testing::UnorderedElementsAre("pawl.toml:2: kafka.properties.security.protocl cannot be set; "
                                    "expected kafka.properties.security.protocol; "
                                    "correct or remove it",
                                    "pawl.toml:3: kafka.properties.bootstrap.servers cannot be "
                                    "set; expected the setting kafka.brokers; use "
                                    "that instead",
                                    "pawl.toml:4: kafka.properties.ssl.ca.location = a list; "
                                    "expected a text, a whole number, true or false",
                                    "PAWL_KAFKA__PROPERTIES__GROUP_ID: kafka.properties.group.id "
                                    "cannot be set; expected the setting "
                                    "consumer.name; use that instead"));
}

TEST_F(ConfigTest, AsksTheKafkaEdgeAboutValues) {
  enough();
  environment("PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL", "TLS");
  sources.kafka_properties.fault = [](const std::string&,
                                      const std::string& value) -> std::optional<std::string> {
    if (value == "TLS") return "no such protocol";
    return std::nullopt;
  };
  EXPECT_THAT(
      faults(),
      ElementsAre(
          "PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL: kafka.properties.security.protocol: no such "
          "protocol; correct it"));
}

TEST_F(ConfigTest, AnUnknownKeyNeverShowsItsValue) {
  enough();
  toml("[database]\nulr = \"postgresql://app:hunter2@db/app\"\n");
  EXPECT_THAT(faults(),
              ElementsAre(AllOf(HasSubstr("expected database.url;"), Not(HasSubstr("hunter2")))));
}

TEST_F(ConfigTest, ASecretsFileMustBeThereAndHoldSomething) {
  enough();
  environment("PAWL_DATABASE__URL_FILE", path("none"));
  environment("PAWL_KAFKA__PROPERTIES__SASL_PASSWORD_FILE", write("empty", "\n"));
  EXPECT_THAT(
      faults(),
      testing::UnorderedElementsAre(
          StartsWith(
              "PAWL_DATABASE__URL_FILE: cannot read \"none\" for database.url: No such file"),
          HasSubstr("for kafka.properties.sasl.password: it is empty")));
}

TEST_F(ConfigTest, ASecretAndItsFileContradictEachOther) {
  enough();
  environment("DATABASE_URL_FILE", write("url", "host=x"));
  EXPECT_THAT(faults(),
              ElementsAre("DATABASE_URL_FILE: database.url is given twice, also at DATABASE_URL; "
                          "expected either the "
                          "value or the file that holds it; remove one of them"));
}

TEST_F(ConfigTest, WhatIsNoSecretHasNoFile) {
  enough();
  environment("PAWL_KAFKA__BROKERS_FILE", "x");
  environment("PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL_FILE", "x");
  EXPECT_THAT(faults(),
              testing::UnorderedElementsAre(
                  StartsWith("PAWL_KAFKA__BROKERS_FILE: no setting has this variable"),
                  HasSubstr("kafka.properties.security.protocol_file cannot be set")));
}

TEST_F(ConfigTest, ThePrintedStarsAreNoSecret) {
  enough();
  environment("DATABASE_URL", "***");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("stars of a printed configuration")));
}

TEST_F(ConfigTest, ComparesSettingsWithEachOther) {
  enough();
  environment("PAWL_BATCH__MAX_BYTES", "128MiB");
  environment("PAWL_CONSUMER__PLAIN__TYPE", "orders.v1.Place");
  environment("PAWL_CONSUMER__EVENTS_TOPIC", "ledger.commands");
  EXPECT_THAT(
      faults(),
      testing::UnorderedElementsAre(
          "PAWL_BATCH__MAX_BYTES: batch.max_bytes = 128MiB is more than intake.max_bytes = 64MiB; "
          "expected "
          "a batch that fits into the intake's memory; lower batch.max_bytes or raise "
          "intake.max_bytes",
          HasSubstr("consumer.plain.type = \"orders.v1.Place\" without consumer.plain.id"),
          HasSubstr(
              "consumer.commands_topic and consumer.events_topic are both \"ledger.commands\"")));
}

TEST_F(ConfigTest, WaitsMustGrow) {
  enough();
  environment("PAWL_CIRCUIT__PROBE_MIN", "10s");
  environment("PAWL_CIRCUIT__PROBE_MAX", "1s");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("circuit.probe_min = 10s is more than")));
}

TEST_F(ConfigTest, AHandlerMustBeGivenUpBeforeKafkaGivesItsLanesAway) {
  enough();
  environment("PAWL_WORKER__HANDLER_DEADLINE", "5min");
  EXPECT_THAT(
      faults(),
      ElementsAre(AllOf(StartsWith("PAWL_WORKER__HANDLER_DEADLINE: worker.handler_deadline = 5min"),
                        HasSubstr("not below max.poll.interval.ms = 300000"),
                        HasSubstr("lower worker.handler_deadline or raise max.poll.interval.ms"))));
  sources.kafka_properties.names.emplace_back("max.poll.interval.ms");
  environment("PAWL_KAFKA__PROPERTIES__MAX_POLL_INTERVAL_MS", "300001");
  sources.kafka_properties.allowed = [](std::string_view) { return true; };
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ConfigTest, APodsNameIsItsPlaceInTheGroup) {
  enough();
  environment("PAWL_CONSUMER__INSTANCE_ID", "ledger-0");
  environment("PAWL_CONSUMER__ASSIGNMENT", "cooperative");
  EXPECT_EQ(settings().consumer.instance_id, "ledger-0");
  EXPECT_EQ(settings().consumer.assignment, Assignment::cooperative);
  environment("PAWL_CONSUMER__INSTANCE_ID", "ledger 0");
  environment("PAWL_CONSUMER__ASSIGNMENT", "sticky");
  EXPECT_THAT(
      faults(),
      testing::UnorderedElementsAre(HasSubstr("expected nothing, or 1 to 249 letters"),
                                    HasSubstr("expected one of \"eager\", \"cooperative\"")));
}

TEST_F(ConfigTest, APlainIdNeedsATypeAndAReadablePlace) {
  enough();
  environment("PAWL_CONSUMER__PLAIN__ID", "header:id");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("without consumer.plain.type")));
  environment("PAWL_CONSUMER__PLAIN__ID", "body:id");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("expected \"header:NAME\" or \"json:/pointer\"")));
  environment("PAWL_CONSUMER__PLAIN__ID", "json:/id");
  environment("PAWL_CONSUMER__PLAIN__TYPE", "a.B");
  environment("PAWL_CONSUMER__PLAIN__CONTENT_TYPE", "application/protobuf");
  EXPECT_THAT(faults(), ElementsAre(HasSubstr("cannot be read from a Protobuf value")));
}

TEST_F(ConfigTest, AFaultySettingIsNotComplainedAboutTwice) {
  environment("DATABASE_URL", "host=db");
  environment("PAWL_KAFKA__BROKERS", "");
  EXPECT_THAT(faults(),
              ElementsAre(StartsWith("PAWL_KAFKA__BROKERS: kafka.brokers = \"\"; expected")));
}

}  // namespace
}  // namespace pawl::config
