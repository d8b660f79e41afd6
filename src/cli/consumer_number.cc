#include "pawl/cli/consumer_number.h"

#include <fmt/format.h>

#include "pawl/cli/invocation.h"

namespace pawl::cli {
namespace {

using postgres::Result;
using postgres::Statement;

const Statement kSchema{"", "SELECT to_regclass('pawl.consumer_position') IS NOT NULL"};
const Statement kConsumers{"", "SELECT name FROM pawl.consumer ORDER BY name"};
const Statement kConsumer{"", "SELECT id FROM pawl.consumer WHERE name = $1"};

}  // namespace

void require_schema(postgres::Connection& connection,
                    const std::string& url,
                    const std::string& program) {
  if (connection.execute(kSchema).boolean(0, 0)) return;
  throw Complaint(ExitCode::failed,
                  fmt::format("{}: {} has no tables of Pawl: run `pawl migrate up` there, or "
                              "give the right one with --database",
                              program,
                              postgres::describe_target(url)));
}

std::int16_t consumer_number(postgres::Connection& connection,
                             const std::string& url,
                             const std::string& name,
                             const std::string& program) {
  require_schema(connection, url, program);
  postgres::Parameters parameters;
  parameters.add(name);
  const Result found = connection.execute(kConsumer, parameters);
  if (found.rows() == 1) return static_cast<std::int16_t>(found.integer(0, 0));
  const Result known = connection.execute(kConsumers);
  std::string names;
  for (int row = 0; row < known.rows(); ++row)
    names += (row > 0 ? ", " : "") + std::string(known.text(row, 0));
  throw Complaint(ExitCode::failed,
                  fmt::format("{}: no consumer named {} has run on {}; known: {}",
                              program,
                              name,
                              postgres::describe_target(url),
                              names.empty() ? "none" : names));
}

}  // namespace pawl::cli
