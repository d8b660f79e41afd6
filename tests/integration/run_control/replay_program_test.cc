// `pawl replay`: another consumer begins where the time says, the live one is not touched.
#include "integration/run_control/program_fixture.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class ReplayProgram : public ControlledLedger {
 protected:
  [[nodiscard]] std::vector<std::string> replay(const std::string& from, const std::string& as) {
    return {
        "replay", "--topic", world_.sources().commands_topic, "--from-timestamp", from, "--as", as};
  }
  /// All there is of the live consumer's positions, as one text.
  std::string live_positions() {
    const auto rows = world_.database().execute(
        "SELECT string_agg(p::text, '|' ORDER BY partition) FROM pawl.consumer_position p JOIN "
        "pawl.consumer c ON c.id = p.consumer WHERE c.name = '" +
        consumer() + "'");
    return std::string(rows.text(0, 0));
  }
  std::int64_t sum_of(const std::string& column, const std::string& name) {
    return world_.database().number("SELECT sum(p." + column +
                                    ")::bigint FROM pawl.consumer_position p JOIN pawl.consumer c "
                                    "ON c.id = p.consumer WHERE c.name = '" +
                                    name + "'");
  }
};

TEST_F(ReplayProgram, TheLivePositionIsNeverTouched) {
  start_and_drain(300);
  stop();
  const std::string live = live_positions();
  const Json json = this->json(replay("1h", "again"));
  EXPECT_EQ(json["records"], world_.produced());
  EXPECT_EQ(json["lanes"].size(), 4);
  EXPECT_EQ(sum_of("next_offset", "again"), 0);
  EXPECT_EQ(live_positions(), live);
  EXPECT_EQ(count("audit WHERE action = 'replay'"), 1);
}

TEST_F(ReplayProgram, WhereThereIsNothingSoYoungItBeginsAtTheEnd) {
  start_and_drain(300);
  EXPECT_EQ(json(replay("2126-01-01", "later"))["records"], 0);
  EXPECT_EQ(sum_of("next_offset", "later"), sum_of("next_offset", consumer()));
}

TEST_F(ReplayProgram, ANameThatIsInUseIsRefused) {
  start_and_drain(100);
  const std::string live = live_positions();
  const Finished same = pawl(replay("1h", consumer()));
  EXPECT_EQ(same.exit_code, 1);
  EXPECT_THAT(same.errors, HasSubstr("live consumer"));
  must(replay("1h", "again"));
  const Finished twice = pawl(replay("2h", "again"));
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_THAT(twice.errors, HasSubstr("has positions already"));
  EXPECT_EQ(pawl(replay("yesterday", "other")).exit_code, 64);
  EXPECT_EQ(live_positions(), live);
}

// With its own inbox every handler runs again: what exists already is rejected, and so told.
TEST_F(ReplayProgram, AWorkerOfThatNameReadsItAll) {
  start_and_drain(300);
  stop();
  const std::string live = live_positions();
  must(replay("1h", "again"));
  const auto worker = world_.start_ledger({{"PAWL_CONSUMER__NAME", "again"}});
  const auto total = static_cast<std::int64_t>(world_.produced());
  EXPECT_TRUE(eventually("it has read all", [&] { return sum_of("received", "again") == total; }))
      << worker->describe();
  EXPECT_EQ(live_positions(), live);
}

}  // namespace
}  // namespace pawl::test
