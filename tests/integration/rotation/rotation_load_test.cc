// Segments rotate all the time under two writers and a relay: every event is published once, in
// order.
#include <gtest/gtest.h>

#include <atomic>
#include <string_view>
#include <thread>

#include "integration/relay/relay_fixture.h"
#include "pawl/rotation/rotator.h"

namespace pawl::test {
namespace {

class RotationLoadTest : public RelayTest {};

TEST_F(RotationLoadTest, LosesNothing) {
  RelayRig rig{database_};
  rig.relay.start();
  observe::RotationMetrics metrics{rig.metrics, "test"};
  rotation::RotatorSettings settings;
  settings.url = database_.url();
  settings.inbox_period = settings.outbox_period = settings.check_every = milliseconds{1};
  settings.busy_pause = milliseconds{1};
  std::atomic<int> rotations{0};
  const observe::Log log{rig.clock, {.writer = [&](std::string_view line) {
                           if (line.find("rotated a table") != line.npos) ++rotations;
                         }}};
  rotation::Rotator one{settings, metrics, log}, two{settings, metrics, log};
  one.start();
  one.start();
  two.start();
  const auto write = [](OutboxWriter& writer, const std::string& key) {
    for (int i = 0; i < 500; ++i) writer.write(key, 3);
  };
  OutboxWriter a{database_}, b{database_};
  {
    std::jthread first{[&] { write(a, "a"); }};
    write(b, "b");
  }
  EXPECT_TRUE(all_published(rig.publisher, {&a, &b}));
  EXPECT_TRUE(eventually("all published rows are gone", [&] {
    return database_.number("SELECT count(*) FROM pawl.outbox") == 0;
  }));
  one.stop();
  two.stop();
  two.stop();
  EXPECT_EQ(rig.publisher.count(), 3000);
  EXPECT_GT(rotations, 10);
}

}  // namespace
}  // namespace pawl::test
