// A rotation that dies at any of its steps has not happened; the next one does it.
#include <gtest/gtest.h>

#include <thread>

#include "integration/relay/outbox_database.h"
#include "pawl/rotation/rotate.h"
#include "support/eventually.h"

namespace pawl::test {
namespace {

using rotation::Result;
using rotation::Table;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kPatient{30};
constexpr milliseconds kDueAtOnce{0};

/// `obstacle` makes a rotation wait at one step; there its backend is terminated.
struct Step {
  const char* name;
  const char* obstacle;
};

class RotationCrashTest : public testing::TestWithParam<Step> {
 protected:
  std::string state() {
    const auto row = database_.sql(
        "SELECT current::text || ' ' || rotated_at::text || ' ' || (SELECT count(*) FROM "
        "pawl.inbox)::text "
        "FROM pawl.rotation WHERE name = 'inbox'");
    return std::string(row.text(0, 0));
  }
  bool rotation_waits() {
    return database_.number(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'doomed' AND "
               "wait_event_type = 'Lock'") == 1;
  }
  OutboxDatabase database_;
};

TEST_P(RotationCrashTest, LeavesAllAsItWas) {
  for (int i = 0; i < 4; ++i) {
    database_.sql(
        "INSERT INTO pawl.inbox (message_id, consumer, generation, fingerprint) VALUES "
        "(gen_random_uuid(), 1, " +
        std::to_string(i) + ", 0)");
  }
  const std::string before = state();
  const auto holder = database_.connect();
  holder->execute({"", "BEGIN"});
  holder->execute({"", GetParam().obstacle});
  std::jthread doomed{[this] {
    const auto connection = database_.connect("doomed");
    EXPECT_THROW(rotation::rotate(*connection, Table::inbox, kDueAtOnce, kPatient), Failure);
  }};
  ASSERT_TRUE(eventually("the rotation waits at its step", [this] { return rotation_waits(); }));
  EXPECT_EQ(database_.terminate("doomed"), 1);
  doomed.join();
  holder->execute({"", "ROLLBACK"});
  EXPECT_EQ(state(), before);
  const auto connection = database_.connect();
  EXPECT_EQ(rotation::rotate(*connection, Table::inbox, kDueAtOnce, kPatient), Result::rotated);
  EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.inbox"), 3);
}

INSTANTIATE_TEST_SUITE_P(
    EachStep,
    RotationCrashTest,
    testing::Values(Step{"lock", "SELECT pg_advisory_xact_lock_shared(hashtext('pawl.inbox'))"},
                    Step{"truncate", "LOCK TABLE pawl.inbox_1 IN ACCESS SHARE MODE"},
                    Step{"move", "SELECT FROM pawl.rotation WHERE name = 'inbox' FOR UPDATE"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(RotationTwiceTest, TwoAtOnceRotateOnce) {
  OutboxDatabase database;
  database.sql("UPDATE pawl.rotation SET rotated_at = rotated_at - interval '2 hours'");
  const auto holder = database.connect();
  holder->execute({"", "BEGIN"});
  holder->execute({"", "SELECT pg_advisory_xact_lock_shared(hashtext('pawl.inbox'))"});
  Result results[2];
  {
    const auto rotate = [&](Result& result) {
      const auto connection = database.connect("doomed");
      result = rotation::rotate(*connection, Table::inbox, std::chrono::hours{1}, kPatient);
    };
    std::jthread first{[&] { rotate(results[0]); }};
    std::jthread second{[&] { rotate(results[1]); }};
    ASSERT_TRUE(eventually("both wait", [&] {
      return database.number(
                 "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'doomed' "
                 "AND wait_event_type = 'Lock'") == 2;
    }));
    holder->execute({"", "COMMIT"});
  }
  EXPECT_EQ((results[0] == Result::rotated) + (results[1] == Result::rotated), 1);
  EXPECT_EQ((results[0] == Result::not_due) + (results[1] == Result::not_due), 1);
  EXPECT_EQ(database.number("SELECT current FROM pawl.rotation WHERE name = 'inbox'"), 1);
}

}  // namespace
}  // namespace pawl::test
