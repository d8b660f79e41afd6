#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "observe_clock.h"
#include "pawl/observe/engine_metrics.h"
#include "pawl/observe/relay_metrics.h"
#include "pawl/observe/rotation_metrics.h"

namespace pawl::observe {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class MetricsTest : public testing::Test {
 protected:
  EngineMetrics engine(int number = 0) { return {metrics, {"ledger", types, number}}; }
  std::string page() { return metrics.expose(); }

  HandClock clock;
  Metrics metrics{clock};
  std::vector<std::string> types{"ledger.v1.OpenAccount", "ledger.v1.TransferFunds"};
};

TEST_F(MetricsTest, CountsCommandsByTypeAndEnding) {
  EngineMetrics m = engine();
  m.commands("ledger.v1.TransferFunds", Ending::completed, 5);
  m.commands("ledger.v1.TransferFunds", Ending::completed, 2);
  m.commands("made.up.ByAClient", Ending::undecodable, 1);
  m.commands("another", Ending::undecodable, 1);
  EXPECT_THAT(page(),
              HasSubstr("pawl_commands_total{consumer=\"ledger\",ending=\"completed\",type="
                        "\"ledger.v1.TransferFunds\"} 7\n"));
  EXPECT_THAT(page(),
              HasSubstr("{consumer=\"ledger\",ending=\"undecodable\",type=\"unknown\"} 2\n"));
  EXPECT_THAT(
      page(),
      HasSubstr("{consumer=\"ledger\",ending=\"rejected\",type=\"ledger.v1.OpenAccount\"} 0\n"));
  EXPECT_THAT(page(), Not(HasSubstr("made.up")));
}

TEST_F(MetricsTest, EnginesOfAProcessShareCountersAndKeepTheirGauges) {
  EngineMetrics first = engine(0);
  EngineMetrics second = engine(1);
  first.commands("x", Ending::completed, 1);
  second.commands("x", Ending::completed, 1);
  first.lanes(3, 0);
  second.lanes(2, 1);
  EXPECT_THAT(page(), HasSubstr("ending=\"completed\",type=\"unknown\"} 2\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_lanes{consumer=\"ledger\",thread=\"engine0\"} 3\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_lanes_stopped{consumer=\"ledger\",thread=\"engine1\"} 1\n"));
}

TEST_F(MetricsTest, ObservesABatchInAllItsPhases) {
  engine().batch_committed(
      500, {.decode = 1ms, .claim_load = 2ms, .decide = 1ms, .save = 3ms, .commit = 2ms});
  EXPECT_THAT(page(), HasSubstr("pawl_batch_commands_bucket{consumer=\"ledger\",le=\"500\"} 1\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_batch_commands_bucket{consumer=\"ledger\",le=\"200\"} 0\n"));
  for (const char* phase : {"decode", "claim_load", "decide", "save", "commit"}) {
    EXPECT_THAT(page(),
                HasSubstr("pawl_batch_phase_seconds_count{consumer=\"ledger\",phase=\"" +
                          std::string{phase} + "\"} 1\n"));
  }
}

TEST_F(MetricsTest, AnAgeGrowsWithoutAnybodySettingIt) {
  const EngineMetrics m = engine();
  m.oldest_unprocessed(clock.wall() - 2s);
  EXPECT_THAT(page(), ContainsRegex("pawl_oldest_unprocessed_age_seconds\\{.*\\} 2\n"));
  clock.since_start += 1500ms;
  EXPECT_THAT(page(), ContainsRegex("pawl_oldest_unprocessed_age_seconds\\{.*\\} 3.5\n"));
  m.oldest_unprocessed(std::nullopt);
  EXPECT_THAT(page(), ContainsRegex("pawl_oldest_unprocessed_age_seconds\\{.*\\} 0\n"));
  m.oldest_unprocessed(clock.wall() + 1h);
  EXPECT_THAT(page(), ContainsRegex("pawl_oldest_unprocessed_age_seconds\\{.*\\} 0\n"));
}

TEST_F(MetricsTest, CountsDoubtsByTheirReason) {
  EngineMetrics m = engine();
  m.doubt("unknown_commit");
  m.doubt("fenced");
  m.doubt("failed");
  EXPECT_THAT(page(), HasSubstr("pawl_unknown_commits_total{consumer=\"ledger\"} 1\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_fenced_batches_total{consumer=\"ledger\"} 1\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_conflicts_total{consumer=\"ledger\"} 0\n"));
  EXPECT_THAT(page(),
              HasSubstr("pawl_recoveries_total{consumer=\"ledger\",reason=\"failed\"} 1\n"));
}

TEST_F(MetricsTest, APauseIsCountedWhenItBegins) {
  EngineMetrics m = engine();
  m.paused("database", true);
  m.paused("database", true);
  EXPECT_THAT(
      page(),
      HasSubstr("pawl_paused{consumer=\"ledger\",dependency=\"database\",thread=\"engine0\"} 1\n"));
  m.paused("database", false);
  m.paused("database", true);
  EXPECT_THAT(
      page(),
      HasSubstr(
          "pawl_pauses_total{consumer=\"ledger\",dependency=\"database\",thread=\"engine0\"} 2\n"));
}

TEST_F(MetricsTest, LabelsFoundAtRunTimeAreBounded) {
  EngineMetrics m = engine();
  for (int i = 0; i < 1000; ++i) m.dead_letters("class" + std::to_string(i), 1);
  // With the five that are known beforehand there are fifty.
  EXPECT_THAT(page(), HasSubstr("class=\"class44\",consumer=\"ledger\"} 1\n"));
  EXPECT_THAT(page(), Not(HasSubstr("class=\"class45\"")));
  EXPECT_THAT(page(),
              HasSubstr("pawl_dead_letters_total{class=\"other\",consumer=\"ledger\"} 955\n"));
}

TEST_F(MetricsTest, ObservingManyIsObservingEach) {
  const std::vector<double> bounds{1, 2};
  const Histogram many = metrics.histogram("pawl_many", "h", {}, bounds);
  const Histogram each = metrics.histogram("pawl_each", "h", {}, bounds);
  const std::vector<double> values{0.5, 1, 1.5, 2, 99};
  many.observe(values);
  for (const double value : values) each.observe(value);
  for (const char* name : {"pawl_many", "pawl_each"}) {
    EXPECT_THAT(page(), HasSubstr(std::string{name} + "_count 5\n"));
    EXPECT_THAT(page(), HasSubstr(std::string{name} + "_sum 104\n"));
    EXPECT_THAT(page(), HasSubstr(std::string{name} + "_bucket{le=\"1\"} 2\n"));
    EXPECT_THAT(page(), HasSubstr(std::string{name} + "_bucket{le=\"2\"} 4\n"));
    EXPECT_THAT(page(), HasSubstr(std::string{name} + "_bucket{le=\"+Inf\"} 5\n"));
  }
}

TEST_F(MetricsTest, TheRelayHasItsOwn) {
  const RelayMetrics m{metrics, "ledger"};
  m.published(3);
  m.end_to_end(std::vector<double>{0.004, 0.02, 7});
  m.backlog(12);
  m.holes(1);
  m.active(true);
  EXPECT_THAT(page(), HasSubstr("pawl_events_published_total{consumer=\"ledger\"} 3\n"));
  EXPECT_THAT(page(),
              HasSubstr("pawl_end_to_end_seconds_bucket{consumer=\"ledger\",le=\"0.025\"} 2\n"));
  EXPECT_THAT(page(), HasSubstr("pawl_outbox_holes{consumer=\"ledger\"} 1\n"));
}

TEST_F(MetricsTest, RotationsAreCountedByTableAndResult) {
  RotationMetrics m{metrics, "ledger"};
  m.rotation("inbox", "rotated");
  m.rotation("outbox", "not_free");
  EXPECT_THAT(
      page(),
      HasSubstr(
          "pawl_rotations_total{consumer=\"ledger\",result=\"rotated\",table=\"inbox\"} 1\n"));
  EXPECT_THAT(
      page(),
      HasSubstr(
          "pawl_rotations_total{consumer=\"ledger\",result=\"not_free\",table=\"outbox\"} 1\n"));
}

TEST_F(MetricsTest, TellsOfTheProcess) {
  const std::string text = page();
  EXPECT_THAT(text, ContainsRegex("process_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_cpu_seconds_total [0-9]"));
  EXPECT_THAT(text, ContainsRegex("process_threads [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_open_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_start_time_seconds [1-9]"));
}

TEST_F(MetricsTest, EveryFamilyHasHelp) {
  EngineMetrics m = engine();
  const std::string text = page();
  for (std::size_t at = text.find("# TYPE "); at != std::string::npos;
       at = text.find("# TYPE ", at + 1)) {
    const std::string name = text.substr(at + 7, text.find(' ', at + 7) - at - 7);
    EXPECT_THAT(text, HasSubstr("# HELP " + name + " "));
  }
}

}  // namespace
}  // namespace pawl::observe
