// A relay under test with its database and broker.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "integration/relay/outbox_database.h"
#include "integration/relay/remembering_publisher.h"
#include "pawl/relay/postgres_session.h"
#include "pawl/relay/relay.h"
#include "support/eventually.h"

namespace pawl::test {

using std::chrono::milliseconds;

/// A relay and all that it needs, with impatient settings.
struct RelayRig {
  explicit RelayRig(relay::OutboxSessionFactory connect, relay::Settings settings = impatient())
      : relay(std::move(settings),
              {std::move(connect),
               publisher,
               relay_metrics,
               observe::Log(clock, {.level = LogLevel::error}),
               clock}) {}
  explicit RelayRig(const OutboxDatabase& database, relay::Settings settings = impatient())
      : RelayRig(relay::connect_to(database.url(), "main"), std::move(settings)) {}
  ~RelayRig() { publisher.thaw(); }

  static relay::Settings impatient() {
    relay::Settings settings;
    settings.owner = "test";
    settings.poll = milliseconds{5};
    settings.store_every = milliseconds{5};
    settings.renew_every = milliseconds{100};
    settings.takeover_after = milliseconds{500};
    settings.publish = {milliseconds{10}, milliseconds{50}};
    settings.reconnect = {milliseconds{10}, milliseconds{100}};
    return settings;
  }

  SystemClock clock;
  observe::Metrics metrics{clock};
  observe::RelayMetrics relay_metrics{metrics, "test"};
  RememberingPublisher publisher;
  relay::Relay relay;
};

class RelayTest : public testing::Test {
 protected:
  /// All that the writers committed is published, each key in order.
  static testing::AssertionResult all_published(const RememberingPublisher& publisher,
                                                std::vector<const OutboxWriter*> writers) {
    std::map<std::string, int> committed;
    for (const OutboxWriter* writer : writers)
      committed.insert(writer->committed().begin(), writer->committed().end());
    return eventually_without("all events are published in order",
                              [&] { return problem_of(publisher.log(), committed); });
  }

  testing::AssertionResult position_is(std::int64_t batch) {
    return eventually_without(
        "position " + std::to_string(batch) + " without holes", [&]() -> std::string {
          const auto row =
              database_.sql("SELECT batch, cardinality(holes) FROM pawl.relay_position");
          if (row.rows() == 1 && row.integer(0, 0) == batch && row.integer(0, 1) == 0) return "";
          return row.rows() == 0 ? "no position"
                                 : "batch " + std::to_string(row.integer(0, 0)) + ", " +
                                       std::to_string(row.integer(0, 1)) + " holes";
        });
  }

  OutboxDatabase database_;
};

}  // namespace pawl::test
