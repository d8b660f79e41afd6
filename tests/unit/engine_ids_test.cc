#include <gtest/gtest.h>

#include "pawl/engine/batch.h"
#include "pawl/engine/ids_in_flight.h"

namespace pawl::engine {
namespace {

Item* item(int n) { return reinterpret_cast<Item*>(static_cast<std::uintptr_t>(n)); }
Uuid id(std::uint8_t n) { return Uuid{{n}}; }

TEST(IdsInFlight, TheFirstOfAnIdIsRemembered) {
  IdsInFlight ids;
  EXPECT_FALSE(ids.add(id(1), item(1), 11));
  EXPECT_EQ(ids.add(id(1), item(2), 22), 11);
  EXPECT_FALSE(ids.add(id(2), item(3), 33));
  ASSERT_TRUE(ids.find(id(1)));
  EXPECT_EQ(ids.find(id(1))->item, item(1));
}

TEST(IdsInFlight, WhatIsRemovedIsNew) {
  IdsInFlight ids;
  (void)ids.add(id(1), item(1), 11);
  ids.remove(id(1));
  EXPECT_FALSE(ids.find(id(1)));
  EXPECT_FALSE(ids.add(id(1), item(2), 22));
  ids.clear();
  EXPECT_FALSE(ids.find(id(1)));
}

}  // namespace
}  // namespace pawl::engine
