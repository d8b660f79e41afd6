// `pawl skip` beside a ledger that runs: one record becomes a dead letter, nothing else changes.
#include "integration/run_control/program_fixture.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SkipProgram : public ControlledLedger {
 protected:
  std::int64_t next_offset(int partition = 0) {
    return world_.database().number(
        "SELECT next_offset FROM pawl.consumer_position WHERE partition = " +
        std::to_string(partition));
  }
  [[nodiscard]] Finished skip(std::int64_t offset) const {
    return pawl({"skip",
                 consumer(),
                 "--partition",
                 "0",
                 "--offset",
                 std::to_string(offset),
                 "--reason",
                 "test"});
  }
  void pause_partition() {
    must({"pause", consumer(), "--partition", "0"});
    keep_doing([] {}, 1s, 1s);
  }
  void resume_partition() { must({"resume", consumer(), "--partition", "0"}); }
  void send_garbage() {
    kafka::RecordProducer producer{{.kafka = {.brokers = world_.sources().brokers}}};
    producer.produce({.topic = world_.sources().commands_topic,
                      .partition = 0,
                      .key = "k",
                      .value = "no command",
                      .headers = {}});
    ASSERT_TRUE(producer.flush(30s));
  }
  /// Somebody locks the rows that it writes.
  void bring_to_a_stand(postgres::Connection& somebody) {
    somebody.execute({"", "BEGIN"});
    somebody.execute({"", "SELECT count(*) FROM (SELECT FROM ledger.account FOR UPDATE) a"});
    world_.produce(200);
    ASSERT_TRUE(eventually("its claims are in flight", [&] {
      return world_.database().number(
                 "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") > 0;
    })) << ledger_->describe();
  }
  void expect_books_balance() {
    const Finished books = pawl({"reconcile"});
    EXPECT_EQ(books.exit_code, 0) << books.output << books.errors;
  }
};

TEST_F(SkipProgram, TheRecordItStandsAtBecomesADeadLetter) {
  start_and_drain(200);
  pause_partition();
  world_.produce(500);
  const std::int64_t stands_at = next_offset();
  const Finished wrong = skip(stands_at + 1);
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.errors, HasSubstr("stands at offset " + std::to_string(stands_at)));
  const Finished skipped = skip(stands_at);
  EXPECT_EQ(skipped.exit_code, 0) << skipped.errors;
  EXPECT_EQ(next_offset(), stands_at + 1);
  EXPECT_EQ(count("dead_letter WHERE class = 'skipped' AND code = 'operator' AND record_offset = " +
                  std::to_string(stands_at)),
            1);
  EXPECT_EQ(
      count("inbox i JOIN pawl.dead_letter d USING (message_id) WHERE d.class = 'skipped' AND "
            "i.ending = 2"),
      1);
  EXPECT_EQ(count("audit WHERE action = 'skip' AND reason = 'test'"), 1);
  resume_partition();
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(received_all());
  expect_books_balance();
  EXPECT_TRUE(world_.holds());
}

TEST_F(SkipProgram, WhatCannotBeDecodedIsSkippedToo) {
  start_and_drain(200);
  stop();
  send_garbage();
  EXPECT_EQ(skip(next_offset()).exit_code, 0);
  EXPECT_EQ(count("dead_letter WHERE class = 'skipped'"), 1);
  const Finished nothing = skip(next_offset());
  EXPECT_EQ(nothing.exit_code, 1);
  EXPECT_THAT(nothing.errors, HasSubstr("nothing to skip"));
  expect_books_balance();
  must({"dead", "redrive", "--all", "--reason", "test", "--consumer", consumer()});
  start();
  ASSERT_TRUE(eventually("it is found to be garbage", [&] {
    return count("dead_letter WHERE class = 'undecodable' AND payload = 'no command'") == 1;
  })) << ledger_->describe();
  expect_books_balance();
}

// Its batch is in flight again and again, with claims that the skip waits for.
TEST_F(SkipProgram, WhatIsInFlightForEver) {
  start_and_drain(200);
  postgres::Connection other = world_.database().connect("somebody");
  bring_to_a_stand(other);
  const std::int64_t stands_at = next_offset();
  const Finished skipped = skip(stands_at);
  EXPECT_EQ(skipped.exit_code, 0) << skipped.errors;
  EXPECT_EQ(next_offset(), stands_at + 1);
  other.execute({"", "ROLLBACK"});
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(received_all());
  EXPECT_EQ(count("dead_letter WHERE class = 'skipped'"), 1);
  expect_books_balance();
  EXPECT_TRUE(world_.holds());
}

// A process that was stopped in a transaction holds its claims for as long as the server lets it.
TEST_F(SkipProgram, AnOwnerThatHangsIsNotWaitedFor) {
  start_and_drain(200);
  postgres::Connection other = world_.database().connect("somebody");
  bring_to_a_stand(other);
  ledger_->signal(SIGSTOP);
  other.execute({"", "ROLLBACK"});
  const std::int64_t stands_at = next_offset();
  const Finished skipped = skip(stands_at);
  EXPECT_EQ(skipped.exit_code, 0) << skipped.errors;
  ledger_->signal(SIGCONT);
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(received_all());
  expect_books_balance();
  EXPECT_TRUE(world_.holds());
}

// Sometimes the record has gone before, sometimes it is just in flight.
TEST_F(SkipProgram, AgainstAConsumerThatRuns) {
  start_and_drain(200);
  world_.produce(3'000);
  int skipped = 0;
  for (int i = 0; i < 12; ++i) {
    const Finished finished = skip(next_offset());
    ASSERT_TRUE(finished.exit_code == 0 || finished.exit_code == 1) << finished.errors;
    if (finished.exit_code == 0) ++skipped;
    world_.produce(300);
  }
  ASSERT_TRUE(world_.drains()) << ledger_->describe();
  EXPECT_TRUE(received_all());
  EXPECT_EQ(count("dead_letter WHERE class = 'skipped'") + count("audit WHERE action = 'skip'"),
            2 * skipped);
  expect_books_balance();
  EXPECT_TRUE(world_.holds());
}

TEST_F(SkipProgram, ItNeedsAReason) {
  EXPECT_EQ(pawl({"skip", "ledger", "--partition", "0", "--offset", "1"}).exit_code, 64);
}

}  // namespace
}  // namespace pawl::test
