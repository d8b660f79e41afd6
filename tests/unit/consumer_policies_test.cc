// What happens on failure: from code over the configuration to the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "pawl/config/load.h"
#include "pawl/consumer/consumer.h"
#include "pawl/consumer/parts.h"
#include "pawl/consumer/policies.h"
#include "registration.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

auto all_of(const RetryPolicy& p) {
  return std::tuple(p.attempts_max,
                    p.immediate,
                    p.backoff.delay_min,
                    p.backoff.delay_max,
                    p.backoff.factor,
                    p.age_max);
}

class PoliciesTest : public testing::Test {
 protected:
  PoliciesTest() { ledger::register_commands(consumer_); }

  /// As the program around the consumer does it.
  engine::EngineSettings engine(std::map<std::string, std::string> environment = {}) {
    environment.insert({{"PAWL_KAFKA__BROKERS", "localhost"}, {"PGHOST", "db"}});
    const auto loaded = config::load_settings(
        {.environment = std::move(environment), .defaults = defaults_of(consumer_.registration())});
    if (!loaded) throw std::runtime_error(config::render_faults(loaded.error()));
    return engine_settings(loaded->settings);
  }

  Consumer<ledger::Ledger> consumer_{"ledger"};
};

// The two lists of defaults stand in folders that cannot see each other.
TEST_F(PoliciesTest, ConfigurationAndLibraryHaveTheSameDefaults) {
  const engine::EngineSettings library;
  const engine::EngineSettings configured = engine();
  for (const std::string_view name : {kHandlerClass, kDatabaseClass, kOutsideClass})
    EXPECT_EQ(all_of(configured.retry.of(name)), all_of(library.retry.of(name))) << name;
  EXPECT_EQ(configured.parked_per_key_max, library.parked_per_key_max);
  EXPECT_EQ(configured.parked_per_lane_max, library.parked_per_lane_max);
  EXPECT_THAT(configured.on_failure, IsEmpty());
}

TEST_F(PoliciesTest, CodeGoesOverDefaults) {
  const RetryPolicy mine{
      .attempts_max = 7, .immediate = 1, .backoff = {2s, 3min, 5}, .age_max = 6h};
  consumer_.retry(kDatabaseClass, mine);
  consumer_.on_failure<ledger::v1::CloseMonth>(OnFailure::block_lane);
  const engine::EngineSettings settings = engine();
  EXPECT_EQ(all_of(settings.retry.database), all_of(mine));
  EXPECT_EQ(all_of(settings.retry.handler), all_of(RetryPolicy{}));
  EXPECT_THAT(settings.on_failure,
              UnorderedElementsAre(Pair("ledger.v1.CloseMonth", OnFailure::block_lane)));
}

TEST_F(PoliciesTest, ConfigurationGoesOverCodeSettingBySetting) {
  consumer_.retry(kHandlerClass, {.attempts_max = 7, .immediate = 1});
  consumer_.on_failure<ledger::v1::CloseMonth>(OnFailure::block_lane);
  consumer_.on_failure<ledger::v1::OpenAccount>(OnFailure::skip_order);
  const engine::EngineSettings settings =
      engine({{"PAWL_RETRY__HANDLER__ATTEMPTS_MAX", "9"},
              {"PAWL_RETRY__OUTSIDE__AGE_MAX", "1min"},
              {"PAWL_PARKING__PER_KEY_MAX", "11"},
              {"PAWL_PARKING__PER_LANE_MAX", "12"},
              {"PAWL_ON_FAILURE", "ledger.v1.CloseMonth=dead_letter"}});
  EXPECT_EQ(settings.retry.handler.attempts_max, 9);
  EXPECT_EQ(settings.retry.handler.immediate, 1);
  EXPECT_EQ(settings.retry.outside.age_max, 1min);
  EXPECT_EQ(settings.parked_per_key_max, 11U);
  EXPECT_EQ(settings.parked_per_lane_max, 12U);
  EXPECT_THAT(settings.on_failure,
              UnorderedElementsAre(Pair("ledger.v1.CloseMonth", OnFailure::dead_letter),
                                   Pair("ledger.v1.OpenAccount", OnFailure::skip_order)));
}

TEST_F(PoliciesTest, TheWordsOfTheConfigurationAreThoseOfTheLibrary) {
  for (const OnFailure what : {OnFailure::park_key,
                               OnFailure::block_lane,
                               OnFailure::skip_order,
                               OnFailure::dead_letter}) {
    const std::string word{to_string(what)};
    EXPECT_EQ(engine({{"PAWL_ON_FAILURE", "ledger.v1.CloseMonth=" + word}})
                  .on_failure.at("ledger.v1.CloseMonth"),
              what);
    consumer_.on_failure<ledger::v1::CloseMonth>(what);
    EXPECT_EQ(engine().on_failure.at("ledger.v1.CloseMonth"), what);
  }
}

TEST_F(PoliciesTest, OnlyFailuresThatMayPassHaveAPolicy) {
  EXPECT_THROW(consumer_.retry("undecodable", {}), std::logic_error);
}

TEST_F(PoliciesTest, ATypeThatNobodyHandlesIsRefused) {
  EXPECT_THROW(engine({{"PAWL_ON_FAILURE", "ledger.v1.CloseYear=park_key"}}), std::runtime_error);
  consumer_.on_failure<ledger::v1::MonthClosed>(OnFailure::block_lane);
  EXPECT_THROW(engine(), std::runtime_error);
}

}  // namespace
}  // namespace pawl
