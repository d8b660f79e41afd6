// A relay that holds events, and what was written and held.
#pragma once

#include "integration/relay/relay_fixture.h"

namespace pawl::test {

class RelayHeldTest : public RelayTest {
 protected:
  /// Looks often, and tries again only when told to.
  static relay::Settings patient() {
    relay::Settings settings = RelayRig::impatient();
    settings.held_look = milliseconds{10};
    settings.held = {std::chrono::hours{1}, std::chrono::hours{1}};
    return settings;
  }
  static relay::Settings eager() {
    relay::Settings settings = patient();
    settings.held = {milliseconds{20}, milliseconds{40}};
    return settings;
  }

  std::int64_t held() { return database_.number("SELECT count(*) FROM pawl.relay_held_event"); }
  testing::AssertionResult holds(std::int64_t events) {
    return eventually(std::to_string(events) + " events are held",
                      [=, this] { return held() == events; });
  }
  testing::AssertionResult holds_of(const std::string& key, std::int64_t events) {
    const std::string count =
        "SELECT count(*) FROM pawl.relay_held_event WHERE key = '" + key + "'::bytea";
    return eventually(std::to_string(events) + " events of " + key + " are held",
                      [=, this] { return database_.number(count) == events; });
  }
  /// As `pawl outbox retry` does.
  void retry() {
    database_.sql(
        "UPDATE pawl.relay_held_event SET retry_at = clock_timestamp() WHERE code IS NOT NULL");
  }
  void write(const std::string& key, int count = 1) { last_ = writer_.write(key, count); }
  testing::AssertionResult all_published(const RelayRig& rig) {
    return RelayTest::all_published(rig.publisher, {&writer_});
  }

  OutboxWriter writer_{database_};
  std::int64_t last_ = 0;
};

}  // namespace pawl::test
