// Sources of a configuration, filled by verbs.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "pawl/config/load.h"

namespace pawl::config {

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    sources.defaults = {"ledger", "ledger"};
    sources.kafka_properties.names = {
        "security.protocol", "sasl.password", "ssl.ca.location", "socket.nagle.disable"};
    sources.kafka_properties.allowed = [names =
                                            sources.kafka_properties.names](std::string_view name) {
      return std::ranges::find(names, name) != names.end();
    };
    sources.kafka_properties.secret = [](std::string_view name) { return name == "sasl.password"; };
    std::filesystem::create_directories(folder_);
  }
  ~ConfigTest() override { std::filesystem::remove_all(folder_); }

  /// The least that a worker needs.
  void enough() {
    environment("PAWL_KAFKA__BROKERS", "localhost:9092");
    environment("DATABASE_URL", "postgresql://app:hunter2@localhost/app");
  }
  void environment(const std::string& name, const std::string& value) {
    sources.environment[name] = value;
  }
  void toml(const std::string& content) { sources.file = write("pawl.toml", content); }
  std::string write(const std::string& name, const std::string& content) {
    const auto path = folder_ / name;
    std::ofstream{path} << content;
    return path.string();
  }
  std::string path(const std::string& name) { return (folder_ / name).string(); }

  Loaded load() {
    auto loaded = load_settings(sources);
    if (!loaded) {
      ADD_FAILURE() << render_faults(loaded.error());
      return {};
    }
    return std::move(*loaded);
  }
  Settings settings() { return load().settings; }

  /// Each as one line, the temporary folder taken out.
  std::vector<std::string> faults() {
    std::vector<std::string> lines;
    auto loaded = load_settings(sources);
    if (loaded) return lines;
    for (const Fault& fault : loaded.error()) {
      std::string line = fault.text();
      const std::string prefix = folder_.string() + "/";
      for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
        line.erase(at, prefix.size());
      }
      lines.push_back(line);
    }
    return lines;
  }

  Sources sources;

 private:
  std::filesystem::path folder_ = std::filesystem::path{testing::TempDir()} /
                                  ("pawl_" + std::to_string(::getpid()) + "_" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
};

}  // namespace pawl::config
