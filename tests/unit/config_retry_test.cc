// Retries and on_failure: what code registers, and what the configuration makes of it.
#include "config_fixture.h"

namespace pawl::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

TEST_F(ConfigTest, EachClassOfFailuresHasItsOwnRetries) {
  enough();
  toml(R"([retry.handler]
immediate = 0
delay_min = "1s"
delay_max = "2min"
delay_factor = 3
attempts_max = 9
age_max = "1h"
[retry.outside]
age_max = "2h"
)");
  environment("PAWL_RETRY__DATABASE__ATTEMPTS_MAX", "7");
  const Retries retry = settings().retry;
  EXPECT_EQ(retry.handler.immediate, 0);
  EXPECT_EQ(retry.handler.delay_min, 1s);
  EXPECT_EQ(retry.handler.delay_max, 2min);
  EXPECT_EQ(retry.handler.delay_factor, 3);
  EXPECT_EQ(retry.handler.attempts_max, 9);
  EXPECT_EQ(retry.handler.age_max, 1h);
  EXPECT_EQ(retry.database.attempts_max, 7);
  EXPECT_EQ(retry.database.delay_max, 1h);
  EXPECT_EQ(retry.outside.age_max, 2h);
  EXPECT_EQ(retry.outside.attempts_max, 50);
}

TEST_F(ConfigTest, ConfigurationGoesOverCodeGoesOverDefaults) {
  enough();
  sources.defaults.retry.handler = {.attempts_max = 3, .age_max = 5h};
  sources.defaults.on_failure = {{"a.v1.Code", OnFailure::skip_order},
                                 {"a.v1.Both", OnFailure::skip_order}};
  environment("PAWL_RETRY__HANDLER__AGE_MAX", "6h");
  toml("[on_failure]\n\"a.v1.Both\" = \"block_lane\"\na.v1.File = \"dead_letter\"\n");
  const Loaded loaded = load();
  EXPECT_EQ(loaded.settings.retry.handler.attempts_max, 3);
  EXPECT_EQ(loaded.settings.retry.handler.age_max, 6h);
  EXPECT_EQ(loaded.settings.retry.handler.immediate, 5);
  EXPECT_EQ(loaded.origins.at("retry.handler.attempts_max"), "code");
  EXPECT_EQ(loaded.origins.at("retry.handler.age_max"), "environment PAWL_RETRY__HANDLER__AGE_MAX");
  EXPECT_EQ(loaded.origins.at("retry.handler.immediate"), "default");
  EXPECT_EQ(loaded.origins.at("retry.database.attempts_max"), "default");
  EXPECT_THAT(loaded.settings.on_failure,
              ElementsAre(Pair("a.v1.Both", OnFailure::block_lane),
                          Pair("a.v1.Code", OnFailure::skip_order),
                          Pair("a.v1.File", OnFailure::dead_letter)));
  EXPECT_EQ(loaded.origins.at("on_failure.a.v1.Code"), "code");
  EXPECT_TRUE(loaded.origins.at("on_failure.a.v1.Both").ends_with("pawl.toml:2"));
}

TEST_F(ConfigTest, OneVariableHoldsTheWholeMap) {
  enough();
  toml("[on_failure]\na.v1.X = \"skip_order\"\na.v1.File = \"dead_letter\"\n");
  environment("PAWL_ON_FAILURE", "a.v1.X=block_lane, a.v1.Y = park_key");
  const Loaded loaded = load();
  EXPECT_THAT(loaded.settings.on_failure,
              ElementsAre(Pair("a.v1.File", OnFailure::dead_letter),
                          Pair("a.v1.X", OnFailure::block_lane),
                          Pair("a.v1.Y", OnFailure::park_key)));
  EXPECT_EQ(loaded.origins.at("on_failure.a.v1.X"), "environment PAWL_ON_FAILURE");
  environment("PAWL_ON_FAILURE", "");
  EXPECT_EQ(settings().on_failure.size(), 2U);
}

TEST_F(ConfigTest, WordsOfOnFailureAreChecked) {
  enough();
  toml("[on_failure]\n\"a.v1.X\" = \"block\"\na.v1.Y = true\n");
  environment("PAWL_ON_FAILURE", "block_lane,a.v1.Z=,=park_key");
  EXPECT_THAT(
      faults(),
      UnorderedElementsAre(
          "pawl.toml:2: on_failure.a.v1.X = \"block\"; expected one of \"park_key\", "
          "\"block_lane\", \"skip_order\", \"dead_letter\"",
          StartsWith("pawl.toml:3: on_failure.a.v1.Y = true; expected one of"),
          "PAWL_ON_FAILURE: \"block_lane\" is no pair; expected \"TYPE=WORD\", several separated "
          "by commas",
          StartsWith("PAWL_ON_FAILURE: \"=park_key\" is no pair"),
          StartsWith("PAWL_ON_FAILURE: on_failure.a.v1.Z = \"\"; expected one of")));
}

TEST_F(ConfigTest, AProgramThatKnowsItsTypesRefusesOthers) {
  enough();
  toml("[on_failure]\nledger.v1.CloseMnth = \"block_lane\"\n\"x\" = \"park_key\"\n");
  EXPECT_THAT(faults(), IsEmpty());  // as pawl and the relay read it
  sources.defaults.command_types = {"ledger.v1.CloseMonth", "ledger.v1.OpenAccount"};
  EXPECT_THAT(
      faults(),
      UnorderedElementsAre(
          "pawl.toml:2: on_failure names ledger.v1.CloseMnth, which this program does not handle; "
          "expected ledger.v1.CloseMonth; correct or remove it",
          "pawl.toml:3: on_failure names x, which this program does not handle; expected one of "
          "ledger.v1.CloseMonth, ledger.v1.OpenAccount; correct or remove it"));
}

TEST_F(ConfigTest, SettingsOfEarlierVersionsNameTheirSuccessors) {
  enough();
  toml("[retry]\ndelay_min = \"1s\"\n");
  environment("PAWL_RETRY__ATTEMPTS_MAX", "5");
  EXPECT_THAT(
      faults(),
      UnorderedElementsAre(
          "pawl.toml:2: retry.delay_min is told for each class of failures now; expected "
          "retry.handler.delay_min, retry.database.delay_min; rename or remove it",
          "PAWL_RETRY__ATTEMPTS_MAX: retry.attempts_max is told for each class of failures "
          "now; expected PAWL_RETRY__HANDLER__ATTEMPTS_MAX, "
          "PAWL_RETRY__DATABASE__ATTEMPTS_MAX, PAWL_RETRY__OUTSIDE__ATTEMPTS_MAX; rename or "
          "unset it"));
}

TEST_F(ConfigTest, TheOutsideSaysItselfHowLongToWait) {
  enough();
  toml("[retry.outside]\ndelay_max = \"1s\"\n");
  EXPECT_THAT(faults(),
              ElementsAre("pawl.toml:2: retry.outside.delay_max has no meaning: RetryAfter says "
                          "how long to wait; expected retry.outside.attempts_max, "
                          "retry.outside.age_max; rename or remove it"));
}

TEST_F(ConfigTest, WaitsGrow) {
  enough();
  environment("PAWL_RETRY__DATABASE__DELAY_MIN", "2h");
  EXPECT_THAT(
      faults(),
      ElementsAre("PAWL_RETRY__DATABASE__DELAY_MIN: retry.database.delay_min = 2h is more "
                  "than retry.database.delay_max = 1h; expected retry.database.delay_min up "
                  "to retry.database.delay_max; lower the one or raise the other"));
}

TEST_F(ConfigTest, AttemptsAtOnceAreAmongTheAttempts) {
  enough();
  environment("PAWL_RETRY__HANDLER__ATTEMPTS_MAX", "1");
  EXPECT_THAT(faults(), IsEmpty());  // whoever wants a single attempt need not say more
  environment("PAWL_RETRY__HANDLER__IMMEDIATE", "1");
  EXPECT_THAT(faults(),
              ElementsAre(StartsWith("PAWL_RETRY__HANDLER__IMMEDIATE: retry.handler.immediate = 1 "
                                     "is not below retry.handler.attempts_max = 1; ")));
  environment("PAWL_RETRY__HANDLER__IMMEDIATE", "0");
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(ConfigTest, RetriesEndWhileIdsAreRemembered) {
  enough();
  environment("PAWL_INBOX__DEDUPE_WINDOW", "1d");
  environment("PAWL_RETRY__HANDLER__AGE_MAX", "23h");
  EXPECT_THAT(faults(),
              ElementsAre("PAWL_INBOX__DEDUPE_WINDOW: retry.database.age_max = 1d is not below "
                          "inbox.dedupe_window = 1d; expected retries that end while ids are still "
                          "remembered; lower the one or raise the other",
                          HasSubstr("retry.outside.age_max = 1d")));
  sources.defaults.retry.database.age_max = 2 * 24h;
  environment("PAWL_INBOX__DEDUPE_WINDOW", "25h");
  EXPECT_THAT(faults(), ElementsAre(StartsWith("code: retry.database.age_max = 2d")));
}

TEST_F(ConfigTest, PrintsRetriesAndOnFailureAsTheyAre) {
  environment("PAWL_KAFKA__BROKERS", "localhost");
  environment("PGHOST", "db");
  sources.defaults.retry.handler.attempts_max = 3;
  sources.defaults.on_failure = {{"a.v1.Code", OnFailure::skip_order}};
  environment("PAWL_ON_FAILURE", "a.v1.X=block_lane");
  environment("PAWL_PARKING__PER_KEY_MAX", "5");
  const Loaded loaded = load();
  const std::string text = render_settings(loaded, sources.kafka_properties);
  EXPECT_THAT(text, testing::ContainsRegex("attempts_max = 3 +# code\n"));
  EXPECT_THAT(text,
              testing::ContainsRegex("\\[on_failure\\]\n\"a.v1.Code\" = \"skip_order\" +# code"));
  EXPECT_THAT(text,
              testing::ContainsRegex("\"a.v1.X\" = \"block_lane\" +# environment PAWL_ON_FAILURE"));
  EXPECT_THAT(text, testing::ContainsRegex("per_key_max = 5 "));

  sources.defaults = {"ledger", "ledger"};
  sources.environment.erase("PAWL_ON_FAILURE");
  toml(text);
  EXPECT_EQ(settings().on_failure, loaded.settings.on_failure);
  EXPECT_EQ(settings().retry.handler.attempts_max, 3);
}

TEST_F(ConfigTest, TheReferenceShowsWhatCodeRegisters) {
  sources.defaults.retry.database.age_max = 3h;
  sources.defaults.on_failure = {{"a.v1.Code", OnFailure::skip_order}};
  const std::string text = render_reference(sources.defaults);
  EXPECT_THAT(text,
              AllOf(HasSubstr("[on_failure]\n"),
                    HasSubstr("\n\"a.v1.Code\" = \"skip_order\"\n"),
                    HasSubstr("PAWL_ON_FAILURE=\"TYPE=WORD,TYPE=WORD\""),
                    HasSubstr("age_max = \"3h\""),
                    Not(HasSubstr("retry.outside.delay"))));
}

}  // namespace
}  // namespace pawl::config
