#include <fmt/format.h>
#include <fmt/ostream.h>

#include <sstream>

#include "config_fixture.h"

namespace pawl::config {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST_F(ConfigTest, PrintsWhereEachValueCameFrom) {
  enough();
  toml("[batch]\nmax_bytes = 2097152\n");
  const std::string text = render_settings(load(), sources.kafka_properties);
  EXPECT_THAT(text, ContainsRegex("max_bytes = \"2MiB\" +# .*pawl.toml:2\n"));
  EXPECT_THAT(text,
              ContainsRegex("brokers = \"localhost:9092\" +# environment PAWL_KAFKA__BROKERS\n"));
  EXPECT_THAT(text, ContainsRegex("deadline = \"25s\" +# default\n"));
}

TEST_F(ConfigTest, NeverPrintsASecret) {
  enough();
  environment("PAWL_KAFKA__PROPERTIES__SASL_PASSWORD", "hunter2");
  environment("PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL", "SSL");
  const Loaded loaded = load();
  const std::string text = render_settings(loaded, sources.kafka_properties);
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("url = \"***\""));
  EXPECT_THAT(text, HasSubstr("\"sasl.password\" = \"***\""));
  EXPECT_THAT(text, HasSubstr("\"security.protocol\" = \"SSL\""));

  std::ostringstream stream;
  stream << loaded.settings.database.url;
  EXPECT_EQ(stream.str(), "***");
  EXPECT_EQ(fmt::format("{}", loaded.settings.database.url), "***");
  EXPECT_EQ(testing::PrintToString(loaded.settings.database.url), "***");
}

TEST_F(ConfigTest, WhatIsPrintedLoadsAgainToTheSame) {
  environment("PAWL_KAFKA__BROKERS", "localhost");
  environment("PGHOST", "db");
  environment("PAWL_KAFKA__PROPERTIES__SECURITY_PROTOCOL", "SSL");
  environment("PAWL_BATCH__MAX_BYTES", "12345");
  environment("PAWL_RELAY__LINGER", "0ms");
  environment("PAWL_CONSUMER__START_FROM", "latest");
  const std::string first = render_settings(load(), sources.kafka_properties);
  sources.environment = {{"PGHOST", "db"}};
  toml(first);
  std::string again = render_settings(load(), sources.kafka_properties);
  const auto without_comments = [](const std::string& text) {
    std::string kept;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);)
      kept += line.substr(0, line.find("  #")) + '\n';
    return kept;
  };
  EXPECT_EQ(without_comments(first), without_comments(again));
}

TEST_F(ConfigTest, TheReferenceIsATemplateThatLoads) {
  enough();
  const std::string reference = render_reference(sources.defaults);
  EXPECT_THAT(reference, HasSubstr("PAWL_SHUTDOWN__DEADLINE"));
  EXPECT_THAT(reference, HasSubstr("PAWL_DATABASE__URL_FILE"));
  toml(reference);
  EXPECT_EQ(settings().shutdown.deadline, Settings{}.shutdown.deadline);
}

}  // namespace
}  // namespace pawl::config
