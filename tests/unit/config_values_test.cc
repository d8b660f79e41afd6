#include <gmock/gmock.h>

#include "pawl/config/address.h"
#include "pawl/config/nearest.h"
#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

using namespace std::chrono_literals;

TEST(TextValues, DurationsNeedAUnit) {
  EXPECT_EQ(parse_duration("100ms"), Duration{100ms});
  EXPECT_EQ(parse_duration("25s"), Duration{25s});
  EXPECT_EQ(parse_duration("5min"), Duration{5min});
  EXPECT_EQ(parse_duration("7d"), Duration{168h});
  for (const char* wrong :
       {"", "25", "s", "-1s", "1.5s", "1 s", "5m", "25S", "99999999999999999d"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(TextValues, SizesAreBytesOrPowersOf1024) {
  EXPECT_EQ(parse_size("4096"), 4096);
  EXPECT_EQ(parse_size("1MiB"), kMiB);
  for (const char* wrong : {"", "MiB", "1MB", "1.5MiB", "9999999999GiB"}) {
    EXPECT_EQ(parse_size(wrong), std::nullopt) << wrong;
  }
}

TEST(TextValues, FormatsWhatItReadsBack) {
  for (const Duration value :
       {Duration{0ms}, Duration{1ms}, Duration{1500ms}, Duration{90s}, Duration{48h}}) {
    EXPECT_EQ(parse_duration(format_duration(value)), value);
  }
  EXPECT_EQ(format_duration(604800s), "7d");
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{1}, 1536 * kKiB, 3 * kGiB}) {
    EXPECT_EQ(parse_size(format_size(value)), value);
  }
}

TEST(Nearest, CountsSwapsAsOne) {
  EXPECT_EQ(edit_distance("ulr", "url"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, DoesNotGuessWildly) {
  const std::vector<std::string> known{"batch.max_bytes", "relay.batch_max"};
  EXPECT_EQ(nearest("batch.max_byte", known), "batch.max_bytes");
  EXPECT_EQ(nearest("quorum.size", known), std::nullopt);
}

TEST(Address, NeedsHostAndPort) {
  EXPECT_EQ(parse_address("[::1]:9464")->host, "::1");
  EXPECT_EQ(parse_address("localhost:0")->port, 0);
  for (const char* wrong :
       {"", ":9464", "9464", "localhost", "localhost:", "localhost:65536", "::1:9464", "[::1]"}) {
    EXPECT_FALSE(parse_address(wrong)) << wrong;
  }
}

TEST(Address, BrokersAreAList) {
  for (const char* right : {"a", "a:1", "a:1,b:2", "a:1, b", "SSL://a:1", "[::1]:9092"}) {
    EXPECT_TRUE(is_broker_list(right)) << right;
  }
  for (const char* wrong : {"", "a:1,", "a:x", "a b", "a:0", "user@a:1"}) {
    EXPECT_FALSE(is_broker_list(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace pawl::config
