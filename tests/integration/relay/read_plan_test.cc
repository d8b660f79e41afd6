// A read of a full outbox touches what it returns, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "integration/relay/outbox_database.h"
#include "pawl/outbox/fetch.h"

namespace pawl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string plan_of(postgres::Connection& connection,
                    const std::string& after,
                    const std::string& holes) {
  const auto lines = connection.execute({"",
                                         "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE read(" +
                                             after + ", 2000, 4000000, " + holes + ")"});
  std::string plan;
  for (int row = 0; row < lines.rows(); ++row) plan += std::string(lines.text(row, 0)) + "\n";
  return plan;
}

/// The most rows that any node of the plan handled.
int most_rows(const std::string& plan) {
  static const std::regex kRows{"actual rows=([0-9]+)"};
  int most = 0;
  for (std::sregex_iterator it{plan.begin(), plan.end(), kRows}, end; it != end; ++it) {
    most = std::max(most, std::stoi((*it)[1]));
  }
  return most;
}

TEST(ReadPlanTest, MergesTheSegmentsByTheirIndexes) {
  OutboxDatabase database;
  database.sql(
      "INSERT INTO pawl.outbox (batch, index, segment, topic, type, payload) "
      "SELECT 1 + i / 500, i % 500, i / 50000, 't', 'x.v1.Y', decode(repeat('ab', 60), 'hex') "
      "FROM generate_series(0, 99999) i");
  const auto connection = database.connect();
  for (const char* setting : {"plan_cache_mode = force_generic_plan",
                              "enable_seqscan = off",
                              "enable_bitmapscan = off"}) {
    connection->execute({"", std::string("SET ") + setting});
  }
  connection->execute({"",
                       "PREPARE read(bigint, integer, integer, bigint, bigint[], integer[]) AS " +
                           outbox::kFetch.sql});
  for (const bool analyzed : {false, true}) {
    if (analyzed) database.sql("ANALYZE pawl.outbox");
    const std::string plan = plan_of(*connection, "99, 3", "'{5, 9}', '{-1, 400}'");
    EXPECT_THAT(plan, HasSubstr("Merge Append"));
    EXPECT_THAT(plan, HasSubstr("Index Scan using outbox_1_pkey"));
    EXPECT_THAT(plan, HasSubstr("(ROW(batch, index) > ROW($1, $2))"));
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
    EXPECT_THAT(plan, Not(HasSubstr("Sort (")));
    EXPECT_LE(most_rows(plan), 2001) << plan;
  }
}

}  // namespace
}  // namespace pawl::test
