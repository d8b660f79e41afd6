#include "engine_fixture.h"

namespace pawl::engine {
namespace {

using testing::ElementsAre;

struct Line {
  Uuid id;
  std::string text;
  bool good = false;
};

class AppendTableTest : public testing::Test {
 protected:
  void command(std::string text, bool kept = true) {
    lines_.begin_command(0);
    lines_.append({Uuid{}, std::move(text), true});
    kept ? lines_.keep() : lines_.undo();
  }
  AppendTable<Line> lines_{"test.line",
                           {{"id", &Line::id}, {"text", &Line::text}, {"good", &Line::good}}};
};

TEST_F(AppendTableTest, KeepsWhatKeptCommandsAdded) {
  command("a");
  command("b", false);
  command("c");
  const TableChanges changes = lines_.take_changes(1, 1);
  ASSERT_TRUE(changes.inserts);
  EXPECT_EQ(changes.inserts->rows(), 2U);
  EXPECT_THAT(std::get<std::vector<std::string>>(changes.inserts->columns[1]),
              ElementsAre("a", "c"));
  EXPECT_THAT(std::get<std::vector<std::uint8_t>>(changes.inserts->columns[2]), ElementsAre(1, 1));
  EXPECT_TRUE(changes.inserts->versions.empty());
  EXPECT_TRUE(changes.inserts->seen.empty());
  EXPECT_FALSE(changes.updates || changes.later || changes.reads);
}

TEST_F(AppendTableTest, EachBatchTakesItsOwn) {
  command("a");
  (void)lines_.take_changes(1, 1);
  EXPECT_FALSE(lines_.take_changes(2, 1).inserts);
  command("b");
  EXPECT_EQ(lines_.take_changes(3, 1).inserts->rows(), 1U);
}

TEST_F(AppendTableTest, ForgetsWithTheBatch) {
  command("a");
  lines_.forget();
  command("b", false);
  EXPECT_FALSE(lines_.take_changes(2, 2).inserts);
}

TEST_F(AppendTableTest, HasNoVersion) {
  EXPECT_TRUE(lines_.shape().version_column.empty());
  EXPECT_EQ(lines_.shape().columns.at(0).type, ColumnType::uuid);
  EXPECT_EQ(lines_.shape().columns.at(2).type, ColumnType::boolean);
}

}  // namespace
}  // namespace pawl::engine
