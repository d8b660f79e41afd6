#include "bench/conditions.h"

#include <fstream>
#include <thread>

#include "bench/disk.h"
#include "pawl/core/version.h"
#include "pawl/kafka/version.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/version.h"

namespace pawl::bench {
namespace {

std::string cpu_model() {
  std::ifstream file{"/proc/cpuinfo"};
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string server_version(postgres::TemporaryServer& server) {
  postgres::Connection connection({.url = server.url(), .application_name = "pawl-bench"});
  return std::string{connection.execute({"", "SHOW server_version"}).text(0, 0)};
}

}  // namespace

Conditions conditions_of(Servers& servers) {
  return {.cores = std::thread::hardware_concurrency(),
          .cpu = cpu_model(),
          .fdatasync_us = fdatasync_us(servers.postgres().folder()),
          .pawl = std::string{kVersion},
          .kafka = "4.1.0",  // of the jars that test::KafkaServer asks for
          .postgres = server_version(servers.postgres()),
          .librdkafka = kafka::library_version(),
          .libpq = postgres::library_version()};
}

}  // namespace pawl::bench
