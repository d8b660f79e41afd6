#include <gtest/gtest.h>

#include "pawl/engine/batch.h"
#include "pawl/engine/ids_in_flight.h"

namespace pawl::engine {
namespace {

Item* item(int n) {
  return reinterpret_cast<Item*>(static_cast<std::uintptr_t>(n));
}
Uuid id(std::uint8_t n) {
  return Uuid{{n}};
}

class IdsInFlightTest : public testing::Test {
 protected:
  IdsInFlightTest() { ids_.begin_batch(1, 3); }
  IdsInFlight ids_;
};

TEST_F(IdsInFlightTest, TheFirstOfAnIdIsRemembered) {
  EXPECT_FALSE(ids_.add(id(1), item(1), 11));
  EXPECT_EQ(ids_.add(id(1), item(2), 22), 11);
  EXPECT_FALSE(ids_.add(id(2), item(3), 33));
  ASSERT_TRUE(ids_.find(id(1)));
  EXPECT_EQ(ids_.find(id(1))->item, item(1));
}

TEST_F(IdsInFlightTest, WhatIsRemovedIsNew) {
  (void)ids_.add(id(1), item(1), 11);
  ids_.remove(id(1));
  EXPECT_FALSE(ids_.find(id(1)));
  EXPECT_FALSE(ids_.add(id(1), item(2), 22));
  ids_.clear();
  EXPECT_FALSE(ids_.find(id(1)));
}

TEST_F(IdsInFlightTest, EarlierBatchesCountUntilTheyAreSettled) {
  (void)ids_.add(id(1), item(1), 11);
  ids_.begin_batch(2, 3);
  EXPECT_EQ(ids_.add(id(1), item(2), 22), 11);
  EXPECT_FALSE(ids_.find(id(1))) << "the newest batch did not bring it";
  (void)ids_.add(id(2), item(3), 33);
  EXPECT_EQ(ids_.settle(1).size(), 1);
  EXPECT_FALSE(ids_.add(id(1), item(4), 44));
  EXPECT_EQ(ids_.settle(2).size(), 2);
  EXPECT_EQ(ids_.settle(2).size(), 0);
}

}  // namespace
}  // namespace pawl::engine
