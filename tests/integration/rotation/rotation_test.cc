// Rotation on a quiet database: when it happens, what it empties, what keeps it.
#include <gtest/gtest.h>

#include "integration/relay/outbox_database.h"
#include "pawl/rotation/rotate.h"

namespace pawl::test {
namespace {

using rotation::Result;
using rotation::Table;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr milliseconds kAlways{0};

class RotationTest : public testing::Test {
 protected:
  Result rotate(Table table, milliseconds period = kAlways) {
    return rotation::rotate(*connection_, table, period);
  }
  std::int64_t current(const std::string& table) {
    return database_.number("SELECT current FROM pawl.rotation WHERE name = '" + table + "'");
  }
  std::int64_t rows(const std::string& table) {
    return database_.number("SELECT count(*) FROM pawl." + table);
  }
  void publish_up_to(std::int64_t batch, const std::string& holes = "{}") {
    database_.sql(
        "INSERT INTO pawl.relay_position (relay, epoch, batch, holes) VALUES ('main', 1, " +
        std::to_string(batch) + ", '" + holes +
        "') ON CONFLICT (relay) DO UPDATE SET batch = excluded.batch, holes = excluded.holes");
  }
  void remember_id() {
    database_.sql(
        "INSERT INTO pawl.inbox (message_id, consumer, generation, fingerprint) "
        "SELECT gen_random_uuid(), 1, current, 0 FROM pawl.rotation WHERE name = 'inbox'");
  }

  OutboxDatabase database_;
  OutboxWriter writer_{database_};
  std::unique_ptr<postgres::Connection> connection_ = database_.connect();
};

TEST_F(RotationTest, IsDueByTheDatabasesClock) {
  EXPECT_EQ(rotate(Table::inbox, hours{1}), Result::not_due);
  database_.sql(
      "UPDATE pawl.rotation SET rotated_at = rotated_at - interval '61 minutes' WHERE name = "
      "'inbox'");
  EXPECT_EQ(rotate(Table::inbox, hours{1}), Result::rotated);
  EXPECT_EQ(rotate(Table::inbox, hours{1}), Result::not_due);
  EXPECT_EQ(current("inbox"), 1);
  EXPECT_EQ(current("outbox"), 0);
}

TEST_F(RotationTest, AnIdIsRememberedForThreeRotations) {
  remember_id();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rotate(Table::inbox), Result::rotated);
    EXPECT_EQ(rows("inbox"), 1);
  }
  EXPECT_EQ(rotate(Table::inbox), Result::rotated);
  EXPECT_EQ(rows("inbox"), 0);
}

TEST_F(RotationTest, WritersFollowTheSegment) {
  writer_.write("a");
  EXPECT_EQ(rotate(Table::outbox), Result::rotated);
  writer_.write("a");
  EXPECT_EQ(rows("outbox_0"), 1);
  EXPECT_EQ(rows("outbox_1"), 1);
}

TEST_F(RotationTest, ASegmentWithUnpublishedRowsStays) {
  const std::int64_t batch = writer_.write("a");
  for (int i = 0; i < 3; ++i) ASSERT_EQ(rotate(Table::outbox), Result::rotated);
  EXPECT_EQ(rotate(Table::outbox), Result::unpublished) << "no relay has ever run";
  publish_up_to(batch - 1);
  EXPECT_EQ(rotate(Table::outbox), Result::unpublished);
  publish_up_to(batch, "{" + std::to_string(batch) + "}");
  EXPECT_EQ(rotate(Table::outbox), Result::unpublished) << "it is still a hole to the relay";
  EXPECT_EQ(current("outbox"), 3);
  EXPECT_EQ(rows("outbox"), 1);
  publish_up_to(batch);
  EXPECT_EQ(rotate(Table::outbox), Result::rotated);
  EXPECT_EQ(current("outbox"), 0);
  EXPECT_EQ(rows("outbox"), 0);
}

TEST_F(RotationTest, DoesNotWaitLongForAWriter) {
  writer_.begin();
  writer_.emit("a");
  EXPECT_EQ(rotate(Table::outbox), Result::busy);
  writer_.commit();
  EXPECT_EQ(rotate(Table::outbox), Result::rotated);
}

TEST_F(RotationTest, DoesNotWaitLongForAReaderOfTheOldestPartition) {
  const auto reader = database_.connect();
  reader->execute({"", "BEGIN"});
  reader->execute({"", "SELECT count(*) FROM pawl.inbox_1"});
  EXPECT_EQ(rotate(Table::inbox), Result::busy);
  reader->execute({"", "COMMIT"});
  EXPECT_EQ(rotate(Table::inbox), Result::rotated);
}

TEST(DedupeWindowTest, MustCoverTheTopicsRetention) {
  EXPECT_FALSE(rotation::dedupe_window_problem("t", hours{168}, hours{168}));
  const auto problem = rotation::dedupe_window_problem("bank.commands", hours{24}, hours{168});
  ASSERT_TRUE(problem);
  for (const char* part : {"bank.commands", "24 h", "168 h", "inbox.dedupe_window"}) {
    EXPECT_NE(problem->find(part), std::string::npos) << *problem;
  }
  EXPECT_TRUE(rotation::dedupe_window_problem("t", hours{168}, std::nullopt))
      << "unlimited retention";
}

}  // namespace
}  // namespace pawl::test
