#include <gtest/gtest.h>

#include "pawl/core/record.h"

namespace pawl {
namespace {

TEST(Record, TheLastHeaderOfANameCounts) {
  Record record;
  record.headers = {{"a", "1"}, {"b", std::nullopt}, {"a", "2"}};
  ASSERT_TRUE(record.header("a"));
  EXPECT_EQ(record.header("a")->value, "2");
  ASSERT_TRUE(record.header("b"));
  EXPECT_FALSE(record.header("b")->value);
  EXPECT_FALSE(record.header("c"));
}

TEST(Record, CountsKeyValueAndHeaders) {
  Record record;
  EXPECT_EQ(record.bytes(), 0U);
  record.key = "key";
  record.value = "value";
  record.headers = {{"name", "x"}, {"null", std::nullopt}};
  EXPECT_EQ(record.bytes(), 3U + 5 + 5 + 4);
}

}  // namespace
}  // namespace pawl
