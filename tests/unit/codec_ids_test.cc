// Which UUID a message is known by.
#include <gtest/gtest.h>

#include "pawl/codec/message_id.h"

namespace pawl::codec {
namespace {

constexpr std::string_view kUuid = "0190b5a2-7c3e-7d10-8a52-0123456789ab";

TEST(MessageIdTest, UuidIsUsedAsItIsWhoeverSentIt) {
  EXPECT_EQ(message_id("/a", kUuid), Uuid::parse(kUuid));
  EXPECT_EQ(message_id("/b", "0190B5A2-7C3E-7D10-8A52-0123456789AB"), Uuid::parse(kUuid));
}

// The value is a contract: ids in the inbox must be found again by later releases.
// printf '/shop\0order-1' | sha256sum
TEST(MessageIdTest, OtherIdIsHashedWithItsSource) {
  EXPECT_EQ(message_id("/shop", "order-1").to_string(), "e822c2a8-acca-806f-ad95-6254b60f820a");
  EXPECT_EQ(message_id("/shop", "order-1").version(), 8);
}

TEST(MessageIdTest, SourceAndIdAreKeptApart) {
  EXPECT_NE(message_id("/shop", "order-1"), message_id("/shop2", "order-1"));
  EXPECT_NE(message_id("ab", "c"), message_id("a", "bc"));
}

TEST(MessageIdTest, PositionsHaveIdsOfTheirOwn) {
  EXPECT_EQ(id_of_position("t", 1, 2), id_of_position("t", 1, 2));
  EXPECT_NE(id_of_position("t", 1, 2), id_of_position("t", 1, 3));
  EXPECT_NE(id_of_position("t", 1, 12), id_of_position("t", 11, 2));
  EXPECT_EQ(id_of_position("t", 1, 2).version(), 8);
}

}  // namespace
}  // namespace pawl::codec
