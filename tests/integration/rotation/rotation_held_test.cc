// Segments rotate while events are held that cannot be published: these are copies and lose
// nothing.
#include <gtest/gtest.h>

#include "integration/relay/relay_fixture.h"
#include "pawl/rotation/rotate.h"

namespace pawl::test {
namespace {

class RotationHeldTest : public RelayTest {
 protected:
  std::int64_t held() { return database_.number("SELECT count(*) FROM pawl.relay_held_event"); }
};

TEST_F(RotationHeldTest, GoesOnWhileEventsAreHeld) {
  relay::Settings settings = RelayRig::impatient();
  settings.held_look = milliseconds{10};
  RelayRig rig{database_, settings};
  rig.publisher.refuse("poison");
  rig.relay.start();
  OutboxWriter writer{database_};
  const auto connection = database_.connect();
  std::int64_t batch = 0;
  for (int i = 0; i < 8; ++i) {  // each segment twice
    writer.write("poison", 2);
    batch = writer.write("fine", 2);
    ASSERT_TRUE(position_is(batch));
    EXPECT_EQ(rotation::rotate(*connection, rotation::Table::outbox, milliseconds{0}),
              rotation::Result::rotated);
  }
  EXPECT_EQ(held(), 16);
  EXPECT_LT(database_.number("SELECT count(*) FROM pawl.outbox WHERE key = 'poison'"), 16)
      << "the outbox has let go of them";
  rig.publisher.accept("poison");
  database_.sql("UPDATE pawl.relay_held_event SET retry_at = now() WHERE code IS NOT NULL");
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_TRUE(eventually("nothing is held", [&] { return held() == 0; }));
}

}  // namespace
}  // namespace pawl::test
