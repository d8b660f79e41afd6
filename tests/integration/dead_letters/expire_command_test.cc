// `pawl dead expire`.
#include "integration/dead_letters/fixture.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;

class DeadExpireCommand : public DeadLettersTest {
 protected:
  /// All lines of all files, which must be whole.
  std::vector<Json> archived() {
    std::vector<Json> letters;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
      std::istringstream lines(read_file(file.path()));
      for (std::string line; std::getline(lines, line);) letters.push_back(Json::parse(line));
    }
    return letters;
  }
  std::int64_t letters() { return database_.number("SELECT count(*) FROM pawl.dead_letter"); }
  TemporaryFolder folder_{"archive"};
};

TEST_F(DeadExpireCommand, ADryRunCountsByState) {
  bury(5, 1, "a", 1);
  database_.execute(
      "UPDATE pawl.dead_letter SET state = 'discarded' WHERE record_offset IN (2, 5)");
  const std::string moment = "2026-11-22T00:05:00Z";
  EXPECT_THAT(dead({"expire", "--older-than", moment, "--dry-run"}).output,
              HasSubstr("4 (3 dead, 0 redriven, 1 discarded) would expire"));
  const Json counted = json({"dead", "expire", "--older-than", moment, "--dry-run"});
  EXPECT_EQ(counted["action"], "expire");
  EXPECT_EQ(counted["dry_run"], true);
  EXPECT_EQ(counted["count"], 4);
  EXPECT_EQ(counted["dead"], 3);
  EXPECT_EQ(counted["discarded"], 1);
  EXPECT_EQ(counted["filter"], Json::parse(R"({"until": "2026-11-22T00:05:00.000Z"})"));
  EXPECT_TRUE(counted["archive"].is_null());
  EXPECT_EQ(letters(), 5);
}

TEST_F(DeadExpireCommand, ArchivesThenDeletes) {
  bury(2'500, 1, "a", 1);
  const Json done = json({"dead",
                          "expire",
                          "--older-than",
                          "2027-01-01",
                          "--archive",
                          folder_.path(),
                          "--reason",
                          "test data",
                          "--who",
                          "anna"});
  EXPECT_EQ(done["dry_run"], false);
  EXPECT_EQ(done["count"], 2'500);
  EXPECT_EQ(done["complete"], true);
  EXPECT_EQ(done["archive"], folder_.path().string());
  EXPECT_EQ(letters(), 0);
  const auto lines = archived();
  ASSERT_EQ(lines.size(), 2'500U);
  EXPECT_EQ(lines.front()["offset"], 1);
  EXPECT_EQ(lines.back()["payload"], "not a message");
  const Json audit = json({"audit"})["audit"];
  ASSERT_EQ(audit.size(), 3U);
  EXPECT_EQ(audit[2]["who"], "anna");
  EXPECT_EQ(audit[2]["reason"], "test data");
}

TEST_F(DeadExpireCommand, OneStateOnly) {
  bury(5, 1, "a", 1);
  database_.execute("UPDATE pawl.dead_letter SET state = 'discarded' WHERE record_offset < 3");
  EXPECT_THAT(
      dead({"expire", "--older-than", "2027-01-01", "--state", "discarded", "--reason", "x"})
          .output,
      HasSubstr("2 (0 dead, 0 redriven, 2 discarded) expired"));
  EXPECT_EQ(in_state("dead"), 3);
}

TEST_F(DeadExpireCommand, TwoAtOnceArchiveEachLetterOnce) {
  bury(6'000, 1, "a", 1);
  const auto start = [&] {
    return std::make_unique<Process>(ProcessSettings{
        .command = {pawl_program(),
                    "dead",
                    "expire",
                    "--older-than",
                    "2027-01-01",
                    "--archive",
                    folder_.path(),
                    "--reason",
                    "x",
                    "--json"},
        .environment = {{"DATABASE_URL", database_.url()}, {"PAWL_CONSUMER__NAME", "ledger"}}});
  };
  const auto one = start();
  const auto two = start();
  EXPECT_EQ(one->wait(), 0) << one->describe();
  EXPECT_EQ(two->wait(), 0) << two->describe();
  EXPECT_EQ(Json::parse(one->output())["count"].get<int>() +
                Json::parse(two->output())["count"].get<int>(),
            6'000);
  std::set<std::int64_t> offsets;
  for (const Json& letter : archived()) offsets.insert(letter["offset"].get<std::int64_t>());
  EXPECT_EQ(offsets.size(), 6'000U);
  EXPECT_EQ(archived().size(), 6'000U);
}

TEST_F(DeadExpireCommand, MistakesAreNamedAndDeleteNothing) {
  bury(3, 1, "a", 1);
  const auto expect = [this](std::vector<std::string> options, int code, const char* text) {
    options.insert(options.begin(), "expire");
    const Finished finished = dead(std::move(options));
    EXPECT_EQ(finished.exit_code, code);
    EXPECT_THAT(finished.errors, HasSubstr(text));
  };
  expect({"--reason", "x"}, 64, "--older-than");
  expect({"--older-than", "a while", "--reason", "x"}, 64, "expected 90s");
  expect({"--older-than", "2027-01-01"}, 64, "--reason");
  expect({"--older-than", "2027-01-01", "--reason", "x", "--archive", "/proc/nowhere"},
         1,
         "/proc/nowhere");
  EXPECT_EQ(letters(), 3);
}

}  // namespace
}  // namespace pawl::test
