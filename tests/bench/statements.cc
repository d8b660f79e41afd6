#include "bench/statements.h"

#include <fmt/format.h>

#include "pawl/postgres/connection.h"

namespace pawl::bench {
namespace {

using postgres::Connection;
using postgres::Statement;

const Statement kForget{"", "SELECT pg_stat_statements_reset()::text"};
const Statement kCostliest{"", R"(
SELECT calls, total_exec_time, total_plan_time, rows, wal_bytes::float8,
       left(regexp_replace(query, '\s+', ' ', 'g'), 90)
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = current_database()
ORDER BY total_exec_time + total_plan_time DESC LIMIT 20)"};

}  // namespace

void forget_statements(const Stage& stage) {
  stage.connect().execute(kForget);
}

std::string costliest_statements(const Stage& stage, std::uint64_t commands) {
  Connection connection = stage.connect();
  const auto found = connection.execute(kCostliest);
  const auto each = static_cast<double>(commands);
  std::string text = fmt::format("{:>8} {:>10} {:>8} {:>9} {:>10}  statement\n",
                                 "calls",
                                 "µs/command",
                                 "plan µs",
                                 "rows",
                                 "WAL B/cmd");
  for (int row = 0; row < found.rows(); ++row) {
    text += fmt::format("{:>8} {:>10.3f} {:>8.3f} {:>9} {:>10.1f}  {}\n",
                        found.integer(row, 0),
                        found.number(row, 1) * 1000 / each,
                        found.number(row, 2) * 1000 / each,
                        found.integer(row, 3),
                        found.number(row, 4) / each,
                        found.text(row, 5));
  }
  return text;
}

}  // namespace pawl::bench
