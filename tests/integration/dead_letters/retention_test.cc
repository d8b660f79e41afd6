// The consumer's own deleting of old dead letters, and what it says about it.
#include "pawl/dead_letters/retention.h"

#include "integration/dead_letters/fixture.h"
#include "unit/observe_clock.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;
using dead_letters::Retention;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DeadRetention : public DeadLettersTest {
 protected:
  /// `count` letters whose last failure is so long ago.
  void bury_old(int count, int first, std::chrono::seconds age, const std::string& state) {
    bury(count, first, "a", 1);
    postgres::Parameters parameters;
    parameters.add(std::int64_t{first});
    parameters.add(std::int64_t{age.count()});
    parameters.add(state);
    database_.execute(
        "UPDATE pawl.dead_letter SET last_failed_at = now() - $2 * interval '1 second', state = $3 "
        "WHERE record_offset >= $1",
        parameters);
  }
  [[nodiscard]] dead_letters::RetentionSettings settings(const std::string& archive) const {
    return {.url = database_.url(),
            .consumer = "ledger",
            .keep = 1h,
            .reason = "dead_letters.retention = 1h",
            .archive = archive};
  }
  std::unique_ptr<Retention> retention(const std::string& archive = "") {
    return retention(settings(archive));
  }
  std::unique_ptr<Retention> retention(dead_letters::RetentionSettings settings) {
    return std::make_unique<Retention>(
        std::move(settings),
        Retention::Parts{.metrics = dead_letter_metrics_,
                         .log = observe::Log(
                             clock_, {.writer = [this](std::string_view line) { log_ += line; }}),
                         .clock = clock_});
  }
  std::string metric(const std::string& name, const std::string& labels) {
    const std::string page = metrics_.expose();
    const std::string line = "\n" + name + "{consumer=\"ledger\"," + labels + "} ";
    const auto at = page.find(line);
    if (at == std::string::npos) return "none";
    return page.substr(at + line.size(), page.find('\n', at + line.size()) - at - line.size());
  }
  std::string expired(const std::string& state) {
    return metric("pawl_dead_letters_expired_total", "state=\"" + state + "\"");
  }
  std::string failures(const std::string& reason) {
    return metric("pawl_dead_letter_expiry_failures_total", "reason=\"" + reason + "\"");
  }
  std::int64_t letters() { return database_.number("SELECT count(*) FROM pawl.dead_letter"); }

  observe::HandClock clock_;  // of the archive and the log; what is old is the database's to say
  observe::Metrics metrics_{clock_};
  observe::DeadLetterMetrics dead_letter_metrics_{metrics_, "ledger"};
  std::string log_;
};

TEST_F(DeadRetention, WhatIsTooOldGoesWhateverItsState) {
  bury_old(2, 1, 61min, "discarded");
  bury_old(1, 11, 61min, "redriven");
  bury_old(4, 21, 59min, "dead");
  retention()->turn();
  EXPECT_EQ(letters(), 4);
  EXPECT_EQ(expired("discarded"), "2");
  EXPECT_EQ(expired("redriven"), "1");
  EXPECT_EQ(expired("dead"), "0");
  EXPECT_THAT(log_, AllOf(HasSubstr("\"discarded\":2"), Not(HasSubstr("warning"))));
  const Json audit = json({"audit"})["audit"];
  ASSERT_EQ(audit.size(), 1U);
  EXPECT_EQ(audit[0]["who"], "retention");
  EXPECT_EQ(audit[0]["reason"], "dead_letters.retention = 1h");
}

TEST_F(DeadRetention, OnesThatNobodyDecidedAboutDoNotGoSilently) {
  bury_old(3, 1, 61min, "dead");
  retention()->turn();
  EXPECT_EQ(letters(), 0);
  EXPECT_EQ(expired("dead"), "3");
  EXPECT_THAT(log_, AllOf(HasSubstr("warn"), HasSubstr("nobody had decided")));
}

TEST_F(DeadRetention, ABacklogGoesInOneTurn) {
  bury_old(2'300, 1, 61min, "discarded");
  const TemporaryFolder folder{"archive"};
  retention(folder.path())->turn();
  EXPECT_EQ(letters(), 0);
  EXPECT_EQ(json({"audit"})["audit"].size(), 3U);
  const std::string archived = read_file(folder.path() / "ledger-dead-letters-2026-11-20.jsonl");
  EXPECT_EQ(std::ranges::count(archived, '\n'), 2'300);
}

TEST_F(DeadRetention, AnArchiveThatCannotBeWrittenKeepsThemAndIsToldOnce) {
  bury_old(3, 1, 61min, "dead");
  const auto broken = retention("/proc/no-such-folder");
  broken->turn();
  broken->turn();
  EXPECT_EQ(letters(), 3);
  EXPECT_EQ(failures("archive"), "2");
  EXPECT_EQ(expired("dead"), "0");
  EXPECT_EQ(std::ranges::count(log_, '\n'), 1) << log_;
  EXPECT_THAT(log_, AllOf(HasSubstr("error"), HasSubstr("/proc/no-such-folder")));
  clock_.since_start += 5min;
  broken->turn();
  EXPECT_THAT(log_, HasSubstr("\"left_out\":1"));
}

TEST_F(DeadRetention, AnArchiveIsTriedBeforeThereIsAnythingToArchive) {
  retention("/proc/no-such-folder")->turn();
  EXPECT_EQ(failures("archive"), "1");
}

TEST_F(DeadRetention, ADatabaseThatIsAwayIsWaitedFor) {
  bury_old(3, 1, 61min, "dead");
  const auto kept = retention();
  database_.execute("ALTER TABLE pawl.dead_letter_expired RENAME TO mislaid");
  kept->turn();
  EXPECT_EQ(failures("database"), "1");
  EXPECT_EQ(letters(), 3);
  database_.execute("ALTER TABLE pawl.mislaid RENAME TO dead_letter_expired");
  kept->turn();
  EXPECT_EQ(letters(), 0);
}

TEST_F(DeadRetention, AConsumerThatHasNeverRunHasNothingToDelete) {
  dead_letters::RetentionSettings nobody = settings("");
  nobody.consumer = "nobody";
  retention(nobody)->turn();
  EXPECT_EQ(failures("database"), "0");
  EXPECT_THAT(log_, IsEmpty());
}

TEST_F(DeadRetention, InterruptedItDeletesNoMore) {
  bury_old(3, 1, 61min, "dead");
  const auto interrupted = retention();
  interrupted->interrupt();
  interrupted->turn();
  EXPECT_EQ(letters(), 3);
}

}  // namespace
}  // namespace pawl::test
