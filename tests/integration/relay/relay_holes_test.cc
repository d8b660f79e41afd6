// Numbers that become visible late, or never. Two planted bugs show that the checker sees what it
// must.
#include <limits>
#include <thread>

#include "integration/relay/relay_fixture.h"
#include "support/forwarding_session.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;

/// The naive relay: only reads on from its position and takes every skipped number for dead.
class OnlyReadsOn final : public ForwardingSession {
 public:
  explicit OnlyReadsOn(const std::string& url)
      : ForwardingSession(std::make_unique<relay::PostgresSession>(url, "main")) {}
  void ask_rows(const relay::ReadRequest& request) override {
    ForwardingSession::ask_rows({request.after, {}, request.bounds});
  }
  std::optional<relay::Answer> answer() override {
    auto answer = ForwardingSession::answer();
    if (answer) {
      if (auto* rows = std::get_if<relay::RowsRead>(&*answer))
        rows->horizon = std::numeric_limits<std::int64_t>::max();
    }
    return answer;
  }
};

/// Declares holes dead by pg_snapshot_xmax: the latest ended transaction, instead of the oldest
/// open one.
class DeadByXmax final : public ForwardingSession {
 public:
  explicit DeadByXmax(const OutboxDatabase& database)
      : ForwardingSession(std::make_unique<relay::PostgresSession>(database.url(), "main")),
        second_(database.connect()) {}
  void ask_rows(const relay::ReadRequest& request) override {
    xmax_ = second_->execute({"", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"})
                .integer(0, 0);
    ForwardingSession::ask_rows(request);
  }
  std::optional<relay::Answer> answer() override {
    auto answer = ForwardingSession::answer();
    if (answer) {
      if (auto* rows = std::get_if<relay::RowsRead>(&*answer)) rows->horizon = xmax_;
    }
    return answer;
  }

 private:
  std::unique_ptr<postgres::Connection> second_;
  std::int64_t xmax_ = 0;
};

class RelayHolesTest : public RelayTest {
 protected:
  /// A lower number commits after a higher one, and long after the relay has passed it. Returns
  /// what the checker says in the end.
  std::string overlapping_writers(RelayRig& rig) {
    OutboxWriter slow{database_}, fast{database_};
    rig.relay.start();
    slow.begin();
    slow.emit("slow", 3);
    fast.write("fast");
    EXPECT_TRUE(eventually("fast is published", [&] { return rig.publisher.count() >= 1; }));
    // Rounds enough for a wrong rule to take effect.
    const auto stored = [&] {
      return database_.number("SELECT count(*) FROM pawl.relay_position WHERE batch >= 2");
    };
    EXPECT_TRUE(eventually("the position is past the open number", [&] { return stored() == 1; }));
    for (int i = 0; i < 5; ++i) {
      fast.write("fast");
      EXPECT_TRUE(eventually("fast goes on", [&] {
        return rig.publisher.log("fast").size() == static_cast<std::size_t>(i + 2);
      }));
    }
    slow.commit();
    fast.write("fast");
    EXPECT_TRUE(eventually("fast goes on", [&] { return rig.publisher.log("fast").size() == 7; }));
    EXPECT_TRUE(eventually("no hole is left", [&] { return rig.relay.figures().holes == 0; }));
    rig.relay.stop();
    std::map<std::string, int> committed = slow.committed();
    committed.insert(fast.committed().begin(), fast.committed().end());
    return problem_of(rig.publisher.log(), committed);
  }
};

TEST_F(RelayHolesTest, ALowerNumberThatCommitsLaterIsPublished) {
  RelayRig rig{database_};
  EXPECT_EQ(overlapping_writers(rig), "");
}

TEST_F(RelayHolesTest, TheCheckerCatchesTheNaiveRelay) {
  RelayRig rig{[this] { return std::make_unique<OnlyReadsOn>(database_.url()); }};
  EXPECT_EQ(overlapping_writers(rig), "slow: 0 of 3 events were published");
}

TEST_F(RelayHolesTest, TheCheckerCatchesHolesDeclaredDeadByXmax) {
  RelayRig rig{[this] { return std::make_unique<DeadByXmax>(database_); }};
  EXPECT_EQ(overlapping_writers(rig), "slow: 0 of 3 events were published");
}

TEST_F(RelayHolesTest, WhatWasOfferedDoesNotOvertakeAHole) {
  RelayRig rig{database_};
  rig.relay.start();
  OutboxWriter writer{database_}, other{database_};
  writer.begin();
  writer.emit("a");
  other.write("b");
  ASSERT_TRUE(eventually("b is published", [&] { return rig.publisher.count() == 1; }));
  rig.publisher.freeze();
  writer.commit();
  writer.begin();
  writer.emit("a");
  rig.relay.offer(writer.commit());
  rig.publisher.thaw();
  EXPECT_TRUE(all_published(rig.publisher, {&writer, &other}));
}

TEST_F(RelayHolesTest, TwoEnginesAtOnce) {
  RelayRig rig{database_};
  rig.relay.start();
  const auto engine = [this, &rig](OutboxWriter& writer, const std::string& key) {
    for (int i = 0; i < 300; ++i) {
      writer.begin();
      writer.emit(key, i % 7);
      writer.emit(key + "'", 1);
      if (i % 10 == 9) {
        writer.roll_back();
      } else {
        outbox::CommittedBatch batch = writer.commit();
        if (i % 3 != 0) rig.relay.offer(std::move(batch));  // the others it has to read
      }
    }
  };
  OutboxWriter a{database_}, b{database_};
  std::jthread first{[&] { engine(a, "a"); }};
  engine(b, "b");
  first.join();
  EXPECT_TRUE(all_published(rig.publisher, {&a, &b}));
  // Six hundred numbers, the last one rolled back: nobody waits for it.
  EXPECT_TRUE(eventually("no hole is left", [&] { return rig.relay.figures().holes == 0; }));
  EXPECT_EQ(rig.publisher.count(), static_cast<std::size_t>(rig.relay.figures().published))
      << "and nothing was repeated";
}

TEST_F(RelayHolesTest, ANumberWithoutRowsIsPassed) {
  RelayRig rig{database_};
  rig.relay.start();
  OutboxWriter writer{database_};
  writer.write("a");
  writer.begin();  // a batch of duplicates only
  writer.commit();
  writer.begin();
  writer.roll_back();
  const std::int64_t last = writer.write("a");
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_TRUE(position_is(last));
}

TEST_F(RelayHolesTest, AnEmptyBatchFollowedByOneThatOnlyEmits) {
  RelayRig rig{database_};
  rig.relay.start();
  OutboxWriter duplicates{database_}, other{database_};
  duplicates.begin();
  const std::int64_t last = other.write("b");
  duplicates.emit("a", 2);  // duplicates only, and still it has something to say
  duplicates.commit();
  EXPECT_TRUE(all_published(rig.publisher, {&duplicates, &other}));
  EXPECT_TRUE(position_is(last));
}

TEST_F(RelayHolesTest, APlainForeignInsertIsPublished) {
  RelayRig rig{database_};
  rig.relay.start();
  database_.sql(
      "INSERT INTO pawl.outbox (topic, type, payload) VALUES ('t', 'x.v1.Y', 'one'), ('t', "
      "'x.v1.Y', 'two')");
  ASSERT_TRUE(eventually("both rows are published", [&] { return rig.publisher.count() == 2; }));
  EXPECT_THAT(rig.publisher.log(), ElementsAre("one", "two"));
  EXPECT_EQ(rig.publisher.rows()[0].source, "pawl");
  EXPECT_FALSE(rig.publisher.rows()[0].key);
}

TEST_F(RelayHolesTest, ALongTransactionElsewhereDoesNotDelay) {
  const auto elsewhere = database_.connect();
  elsewhere->execute({"", "BEGIN"});
  elsewhere->execute({"", "SELECT pg_current_xact_id()"});
  RelayRig rig{database_};
  rig.relay.start();
  OutboxWriter writer{database_};
  for (int i = 0; i < 20; ++i) {
    writer.begin();
    writer.roll_back();  // each a hole that cannot die yet
    writer.write("a");
  }
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
  EXPECT_EQ(rig.relay.figures().holes, 20);
  elsewhere->execute({"", "COMMIT"});
  EXPECT_TRUE(eventually("the holes are dead", [&] { return rig.relay.figures().holes == 0; }));
}

TEST_F(RelayHolesTest, HolesSurviveARestart) {
  OutboxWriter slow{database_}, fast{database_};
  {
    RelayRig rig{database_};
    rig.relay.start();
    slow.begin();
    slow.emit("slow", 2);
    fast.write("fast");
    EXPECT_TRUE(all_published(rig.publisher, {&fast}));
    rig.relay.stop();
  }
  slow.commit();
  RelayRig rig{database_};
  rig.relay.start();
  EXPECT_TRUE(all_published(rig.publisher, {&slow}));
  EXPECT_EQ(rig.publisher.count(), 2) << "only what was not published before";
}

TEST_F(RelayHolesTest, AtItsBoundItStopsReadingAndGoesOnWhenHolesEnd) {
  relay::Settings settings = RelayRig::impatient();
  settings.holes_max = 5;
  const auto elsewhere = database_.connect();
  elsewhere->execute({"", "BEGIN"});
  elsewhere->execute({"", "SELECT pg_current_xact_id()"});
  RelayRig rig{database_, settings};
  rig.relay.start();
  OutboxWriter writer{database_};
  for (int i = 0; i < 10; ++i) {
    writer.begin();
    writer.roll_back();
  }
  writer.write("a");
  ASSERT_TRUE(eventually("the bound is reached", [&] { return rig.relay.figures().holes == 5; }));
  EXPECT_EQ(rig.publisher.count(), 0);
  elsewhere->execute({"", "COMMIT"});
  EXPECT_TRUE(all_published(rig.publisher, {&writer}));
}

}  // namespace
}  // namespace pawl::test
