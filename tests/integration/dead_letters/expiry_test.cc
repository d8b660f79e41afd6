// Old dead letters go, archived first; whoever dies in between loses none.
#include "pawl/dead_letters/expiry.h"

#include <csignal>

#include "integration/dead_letters/fixture.h"
#include "pawl/core/rfc3339.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using dead_letters::Archive;
using dead_letters::Expired;
using dead_letters::Expiry;
using testing::ElementsAre;
using testing::HasSubstr;

/// Keeps what it is given, or fails.
class RememberingArchive final : public Archive {
 public:
  void append(std::string_view lines) override {
    if (broken)
      throw Failure(Remedy::retry_later, std::string(dead_letters::kArchiveFailed), "no room");
    text += lines;
  }
  bool broken = false;
  std::string text;
};

/// Ends the process as soon as the lines are safe.
class DeadlyArchive final : public Archive {
 public:
  explicit DeadlyArchive(std::filesystem::path file) : file_(std::move(file)) {}
  void append(std::string_view lines) override {
    write_file(file_, lines);
    raise(SIGKILL);
  }

 private:
  std::filesystem::path file_;
};

class DeadExpiry : public DeadLettersTest {
 protected:
  /// 2026-11-22 00:00 + `minutes`: the letters numbered below that.
  static Expiry before_minute(int minutes, Archive* archive = nullptr) {
    const WallTime midnight = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    return {.filter = {.consumer = 1, .until = midnight + std::chrono::minutes{minutes}},
            .who = "test",
            .reason = "old",
            .archive = archive};
  }
  std::int64_t letters() { return database_.number("SELECT count(*) FROM pawl.dead_letter"); }
  std::int64_t counted_as_expired() {
    return database_.number(
        "SELECT coalesce(sum(letters), 0)::bigint FROM pawl.dead_letter_expired");
  }

  postgres::Connection connection_ = database_.connect();
};

TEST_F(DeadExpiry, OnlyWhatFailedBeforeTheMoment) {
  bury(3, 1, "a", 1);
  database_.execute(
      "UPDATE pawl.dead_letter SET last_failed_at = last_failed_at - interval '1 millisecond' "
      "WHERE "
      "record_offset = 2");
  EXPECT_EQ(expire_some(connection_, before_minute(2))->total(), 2);
  EXPECT_EQ(expire_some(connection_, before_minute(2))->total(), 0);
  EXPECT_EQ(expire_some(connection_, before_minute(3))->total(), 0) << "exactly then is not before";
  EXPECT_EQ(database_.number("SELECT min(record_offset) FROM pawl.dead_letter"), 3);
}

TEST_F(DeadExpiry, OthersLettersStay) {
  bury(2, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET consumer = 2 WHERE record_offset = 1");
  EXPECT_EQ(expire_some(connection_, before_minute(60))->total(), 1);
  EXPECT_EQ(database_.number("SELECT min(consumer) FROM pawl.dead_letter"), 2);
}

TEST_F(DeadExpiry, SmallTransactionsEachWithItsAudit) {
  bury(25, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET state = 'discarded' WHERE record_offset > 20");
  RememberingArchive archive;
  const Expiry expiry = before_minute(60, &archive);
  EXPECT_EQ(expire_some(connection_, expiry, {.letters = 10})->dead, 10);
  EXPECT_EQ(database_.number("SELECT min(record_offset) FROM pawl.dead_letter"), 11);
  EXPECT_EQ(expire_some(connection_, expiry, {.letters = 10})->dead, 10);
  const Expired last = *expire_some(connection_, expiry, {.letters = 10});
  EXPECT_EQ(last.dead, 0);
  EXPECT_EQ(last.discarded, 5);
  EXPECT_EQ(expire_some(connection_, expiry, {.letters = 10})->total(), 0);
  const Json audit = json({"audit"})["audit"];
  ASSERT_EQ(audit.size(), 3U) << "none for nothing";
  EXPECT_EQ(audit[0]["action"], "dead.expire");
  EXPECT_EQ(audit[0]["who"], "test");
  EXPECT_EQ(audit[0]["count"], 5);
  EXPECT_EQ(audit[0]["reason"], "old");
  EXPECT_EQ(audit[0]["filter"],
            Json::parse(R"({"consumer": "ledger", "until": "2026-11-22T01:00:00.000Z",
                            "archived": true, "expired": {"dead": 0, "redriven": 0, "discarded": 5}})"));
  EXPECT_EQ(counted_as_expired(), 25);
}

TEST_F(DeadExpiry, ManyBytesAreManyTransactions) {
  bury(3, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET payload = convert_to(repeat('x', 10000), 'UTF8')");
  const auto expire = [&](std::int64_t bytes) {
    return expire_some(connection_, before_minute(60), {.bytes = bytes})->total();
  };
  EXPECT_EQ(expire(1), 1) << "at least one, whatever its size";
  EXPECT_EQ(expire(10'100), 2) << "up to the one that crosses the bound";
}

TEST_F(DeadExpiry, AnArchiveHoldsWhatExportPrints) {
  bury(3, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET payload = '\\xff00' WHERE record_offset = 2");
  const std::string exported = dead({"export"}).output;
  RememberingArchive archive;
  EXPECT_EQ(expire_some(connection_, before_minute(60, &archive))->total(), 3);
  EXPECT_EQ(archive.text, exported);
}

TEST_F(DeadExpiry, WithoutItsArchiveNothingIsDeleted) {
  bury(3, 1, "a", 1);
  RememberingArchive archive;
  archive.broken = true;
  EXPECT_THROW((void)expire_some(connection_, before_minute(60, &archive)), Failure);
  EXPECT_EQ(letters(), 3);
  EXPECT_EQ(counted_as_expired(), 0);
  EXPECT_EQ(database_.number("SELECT count(*) FROM pawl.audit"), 0);
  archive.broken = false;
  EXPECT_EQ(expire_some(connection_, before_minute(60, &archive))->total(), 3);
}

TEST_F(DeadExpiry, KilledBehindTheArchiveItLosesNoneAndArchivesThemAgain) {
  bury(3, 1, "a", 1);
  const TemporaryFolder folder{"archive"};
  const auto file = folder.path() / "archived.jsonl";
  EXPECT_EXIT(
      {
        postgres::Connection own = database_.connect();
        DeadlyArchive archive{file};
        (void)expire_some(own, before_minute(60, &archive));
      },
      testing::KilledBySignal(SIGKILL),
      "");
  const std::string archived = read_file(file);
  EXPECT_EQ(std::ranges::count(archived, '\n'), 3);
  EXPECT_EQ(letters(), 3);
  EXPECT_EQ(counted_as_expired(), 0);
  RememberingArchive again;
  // The dead one's locks go with its connection, at once or a little later.
  ASSERT_TRUE(eventually("its lock is free", [&] {
    return expire_some(connection_, before_minute(60, &again)).has_value();
  }));
  EXPECT_EQ(again.text, archived);
  EXPECT_EQ(letters(), 0);
  EXPECT_EQ(counted_as_expired(), 3);
}

TEST_F(DeadExpiry, OneProcessAtATime) {
  bury(3, 1, "a", 1);
  postgres::Connection other = database_.connect();
  other.execute({"", "BEGIN"});
  other.execute({"", "SELECT pg_advisory_xact_lock(hashtext('pawl.dead_letter_expired'), 1)"});
  EXPECT_EQ(expire_some(connection_, before_minute(60)), std::nullopt);
  EXPECT_EQ(letters(), 3);
  other.execute({"", "ROLLBACK"});
  EXPECT_EQ(expire_some(connection_, before_minute(60))->total(), 3);
}

}  // namespace
}  // namespace pawl::test
