// Every kind of parameter through a real server and back.
#include "integration/postgres/connection_fixture.h"
#include "pawl/postgres/oids.h"

namespace pawl::postgres {
namespace {

using testing::ElementsAre;

using Texts = std::vector<std::optional<std::string_view>>;

class ArraysTest : public ConnectionTest {
 protected:
  Result ask(const std::string& sql, const Parameters& parameters) {
    return connection_->execute({"", sql}, parameters);
  }
  std::string text(const std::string& sql, const Parameters& parameters) {
    return std::string{ask("SELECT (" + sql + ")::text", parameters).text(0, 0)};
  }
  /// unnest($1) as a column.
  ColumnArray column(const std::string& type, ColumnType as, const Parameters& parameters) {
    return ask("SELECT * FROM unnest($1::" + type + "[])", parameters).column(0, as);
  }

 private:
  std::unique_ptr<Connection> connection_ = connect();
};

TEST_F(ArraysTest, ScalarsArriveAsTheyWere) {
  Parameters parameters;
  const Uuid id = Uuid::v7(std::chrono::milliseconds{1}, 2, 3);
  parameters.add(std::int64_t{-5'000'000'000});
  parameters.add(std::int32_t{-70'000});
  parameters.add(std::int16_t{-7});
  parameters.add(true);
  parameters.add("text");
  parameters.add(id);
  parameters.add_bytes(std::string_view{"\0\xFF", 2});
  parameters.add_null(oid::kText);
  const Result row = ask("SELECT $1, $2, $3, $4, $5, $6, $7, $8, 1.5::float8", parameters);
  EXPECT_EQ(row.columns(), 9);
  EXPECT_EQ(row.integer(0, 0), -5'000'000'000);
  EXPECT_EQ(row.integer(0, 1), -70'000);
  EXPECT_EQ(row.integer(0, 2), -7);
  EXPECT_TRUE(row.boolean(0, 3));
  EXPECT_EQ(row.text(0, 4), "text");
  EXPECT_EQ(row.uuid(0, 5), id);
  EXPECT_EQ(row.text(0, 6), std::string_view("\0\xFF", 2));
  EXPECT_TRUE(row.is_null(0, 7));
  EXPECT_DOUBLE_EQ(row.number(0, 8), 1.5);
}

TEST_F(ArraysTest, FixedColumnsComeBack) {
  const std::vector<std::int64_t> numbers{0, -1, INT64_MAX, INT64_MIN};
  const std::vector<Uuid> ids{Uuid{}, Uuid::v7(std::chrono::milliseconds{1}, 2, 3)};
  const std::vector<std::uint8_t> flags{1, 0, 1};
  Parameters parameters;
  parameters.add_array(numbers);
  EXPECT_EQ(std::get<0>(column("bigint", ColumnType::bigint, parameters)), numbers);
  parameters.clear();
  parameters.add_array(ids);
  EXPECT_EQ(std::get<2>(column("uuid", ColumnType::uuid, parameters)), ids);
  parameters.clear();
  parameters.add_array(flags);
  EXPECT_EQ(std::get<3>(column("boolean", ColumnType::boolean, parameters)), flags);
}

TEST_F(ArraysTest, SmallerIntegersAreReadAsBigint) {
  Parameters parameters;
  parameters.add_array(std::vector<std::int32_t>{-3, 4});
  EXPECT_THAT(std::get<0>(column("integer", ColumnType::bigint, parameters)), ElementsAre(-3, 4));
  parameters.clear();
  parameters.add_array(std::vector<std::int16_t>{-5, 6});
  EXPECT_THAT(std::get<0>(column("smallint", ColumnType::bigint, parameters)), ElementsAre(-5, 6));
}

TEST_F(ArraysTest, TextAndBytesComeBackWithTheirNulls) {
  Parameters parameters;
  parameters.add_array(std::vector<std::string>{"a", "", "\"quoted, {odd}\\"});
  EXPECT_THAT(std::get<1>(column("text", ColumnType::text, parameters)),
              ElementsAre("a", "", "\"quoted, {odd}\\"));
  parameters.clear();
  parameters.add_text_array(Texts{"a", std::nullopt, ""});
  EXPECT_EQ(text("$1::text[]", parameters), "{a,NULL,\"\"}");
  parameters.clear();
  parameters.add_bytes_array(Texts{std::string_view{"\0\xFF", 2}, std::nullopt, ""});
  EXPECT_EQ(text("$1::bytea[]", parameters), R"({"\\x00ff",NULL,"\\x"})");
}

TEST_F(ArraysTest, JsonAndTimesAreUnderstood) {
  Parameters parameters;
  parameters.add_json_array(Texts{R"({"b": 1,"a":[ ]})", std::nullopt});
  EXPECT_EQ(text("($1::jsonb[])[1]", parameters), R"({"a": [], "b": 1})");
  EXPECT_TRUE(ask("SELECT ($1::jsonb[])[2] IS NULL", parameters).boolean(0, 0));
  parameters.clear();
  parameters.add_time_array(
      std::vector<WallTime>{WallTime{std::chrono::milliseconds{1'234'567'890'123}},
                            WallTime{},
                            WallTime{std::chrono::milliseconds{-1}}});
  EXPECT_EQ(ask("SELECT (extract(epoch FROM ($1::timestamptz[])[1]) * 1000)::bigint", parameters)
                .integer(0, 0),
            1'234'567'890'123);
  EXPECT_TRUE(ask("SELECT ($1::timestamptz[])[2] IS NULL", parameters).boolean(0, 0));
  EXPECT_EQ(ask("SELECT (extract(epoch FROM ($1::timestamptz[])[3]) * 1000)::bigint", parameters)
                .integer(0, 0),
            -1);
}

TEST_F(ArraysTest, EmptyArraysAreArrays) {
  Parameters parameters;
  parameters.add_array(std::vector<std::int64_t>{});
  EXPECT_EQ(text("$1::bigint[]", parameters), "{}");
  EXPECT_TRUE(std::get<0>(column("bigint", ColumnType::bigint, parameters)).empty());
  EXPECT_TRUE(ask("SELECT $1::bigint[]", parameters).integers(0, 0).empty());
  parameters.clear();
  parameters.add_text_array({});
  EXPECT_EQ(text("$1::text[]", parameters), "{}");
}

TEST_F(ArraysTest, BigintArraysAreReadFromOneValue) {
  Parameters parameters;
  parameters.add_array(std::vector<std::int64_t>{3, -4});
  EXPECT_THAT(ask("SELECT $1::bigint[]", parameters).integers(0, 0), ElementsAre(3, -4));
  EXPECT_THROW(
      static_cast<void>(ask("SELECT $1::bigint[] || NULL::bigint", parameters).integers(0, 0)),
      std::logic_error);
}

TEST_F(ArraysTest, ReadingTheWrongTypeNamesTheColumn) {
  const Result row =
      ask("SELECT 1::bigint AS amount, NULL::text AS memo, '{}'::jsonb AS extra", {});
  const auto complaint = [&](auto read) {
    try {
      static_cast<void>(read());
    } catch (const std::logic_error& error) {
      return std::string{error.what()};
    }
    return std::string{};
  };
  EXPECT_THAT(complaint([&] { return row.text(0, 0); }), testing::HasSubstr("amount"));
  EXPECT_THAT(complaint([&] { return row.text(0, 1); }), testing::HasSubstr("memo"));
  EXPECT_THAT(complaint([&] { return row.text(0, 2); }), testing::HasSubstr("extra"));
  EXPECT_THAT(complaint([&] { return row.integer(1, 0); }), testing::HasSubstr("row 1 of 1"));
  EXPECT_THAT(complaint([&] { return row.column(7, ColumnType::text); }), testing::HasSubstr("7"));
  EXPECT_THAT(complaint([&] { return row.column(1, ColumnType::text); }),
              testing::HasSubstr("NULL"));
}

}  // namespace
}  // namespace pawl::postgres
