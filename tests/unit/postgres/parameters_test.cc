#include "pawl/postgres/parameters.h"

#include <gmock/gmock.h>

#include "pawl/postgres/network_order.h"
#include "pawl/postgres/oids.h"

namespace pawl::postgres {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

std::string bytes_of(const Parameters& parameters, int index) {
  return {parameters.values()[index], static_cast<std::size_t>(parameters.lengths()[index])};
}

std::vector<std::int32_t> head_of(const Parameters& parameters, int index) {
  const std::string bytes = bytes_of(parameters, index);
  std::vector<std::int32_t> head;
  for (int i = 0; i < 5; ++i) head.push_back(get<std::int32_t>(bytes.data() + 4 * i));
  return head;
}

std::string elements_of(const Parameters& parameters, int index) {
  return bytes_of(parameters, index).substr(20);
}

TEST(ParametersTest, NumbersAreBigEndian) {
  Parameters parameters;
  parameters.add(std::int64_t{0x0102030405060708});
  parameters.add(std::int32_t{-2});
  parameters.add(std::int16_t{3});
  EXPECT_EQ(bytes_of(parameters, 0), "\1\2\3\4\5\6\7\10");
  EXPECT_EQ(bytes_of(parameters, 1), "\xFF\xFF\xFF\xFE");
  EXPECT_EQ(bytes_of(parameters, 2), "\0\3"s);
}

TEST(ParametersTest, TypesFollowTheOverload) {
  Parameters parameters;
  parameters.add(std::int64_t{1});
  parameters.add(true);
  parameters.add("a literal is text, not true");
  parameters.add_bytes("b");
  parameters.add(Uuid{});
  const std::vector<std::uint32_t> types(parameters.type_oids(), parameters.type_oids() + 5);
  EXPECT_THAT(types, ElementsAre(oid::kInt8, oid::kBool, oid::kText, oid::kBytea, oid::kUuid));
}

TEST(ParametersTest, NullHasNoPointerAndEmptyTextHasOne) {
  Parameters parameters;
  parameters.add_null(oid::kText);
  parameters.add("");
  EXPECT_EQ(parameters.values()[0], nullptr);
  EXPECT_NE(parameters.values()[1], nullptr);
  EXPECT_EQ(parameters.lengths()[1], 0);
}

TEST(ParametersTest, ArrayHasDimensionFlagTypeSizeAndLowerBound) {
  Parameters parameters;
  parameters.add_array(std::vector<std::int64_t>{7, 8});
  EXPECT_THAT(head_of(parameters, 0), ElementsAre(1, 0, oid::kInt8, 2, 1));
  EXPECT_EQ(elements_of(parameters, 0), "\0\0\0\10\0\0\0\0\0\0\0\7\0\0\0\10\0\0\0\0\0\0\0\10"s);
}

TEST(ParametersTest, TextArrayTellsNullFromEmpty) {
  Parameters parameters;
  const std::vector<std::optional<std::string_view>> values{
      "ab", std::nullopt, "", std::string_view{}};
  parameters.add_text_array(values);
  EXPECT_THAT(head_of(parameters, 0), ElementsAre(1, 1, oid::kText, 4, 1));
  EXPECT_EQ(elements_of(parameters, 0), "\0\0\0\2ab\xFF\xFF\xFF\xFF\0\0\0\0\0\0\0\0"s);
}

TEST(ParametersTest, JsonElementsCarryTheirVersion) {
  Parameters parameters;
  parameters.add_json_array(std::vector<std::optional<std::string_view>>{"{}"});
  EXPECT_EQ(elements_of(parameters, 0), "\0\0\0\3\1{}"s);
}

TEST(ParametersTest, TimesCountMicrosecondsFrom2000AndUnknownIsNull) {
  Parameters parameters;
  const WallTime second_after{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} +
                              std::chrono::seconds{1}};
  parameters.add_time_array(std::vector<WallTime>{second_after, WallTime{}});
  EXPECT_THAT(head_of(parameters, 0), ElementsAre(1, 1, oid::kTimestamptz, 2, 1));
  EXPECT_EQ(elements_of(parameters, 0), "\0\0\0\10\0\0\0\0\0\x0F\x42\x40\xFF\xFF\xFF\xFF"s);
}

TEST(ParametersTest, ColumnArrayGoesByItsAlternative) {
  Parameters parameters;
  parameters.add_array(ColumnArray{std::vector<std::uint8_t>{1, 0}});
  parameters.add_array(ColumnArray{std::vector<std::string>{"x"}});
  EXPECT_EQ(parameters.type_oids()[0], oid::kBoolArray);
  EXPECT_EQ(parameters.type_oids()[1], oid::kTextArray);
  EXPECT_EQ(elements_of(parameters, 0), "\0\0\0\1\1\0\0\0\1\0"s);
}

TEST(ParametersTest, EarlierValuesSurviveTheBuffersGrowth) {
  Parameters parameters;
  parameters.add("first");
  for (int i = 0; i < 100; ++i) parameters.add(std::string(1000, 'x'));
  EXPECT_EQ(bytes_of(parameters, 0), "first");
  EXPECT_EQ(bytes_of(parameters, 100), std::string(1000, 'x'));
  EXPECT_EQ(parameters.bytes(), 5u + 100'000u);
}

TEST(ParametersTest, ClearForgetsEverything) {
  Parameters parameters;
  parameters.add(std::int64_t{1});
  parameters.clear();
  EXPECT_EQ(parameters.size(), 0);
  EXPECT_EQ(parameters.bytes(), 0u);
  parameters.add("b");
  EXPECT_EQ(bytes_of(parameters, 0), "b");
}

}  // namespace
}  // namespace pawl::postgres
