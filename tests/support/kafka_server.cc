#include "support/kafka_server.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "pawl/core/failure.h"
#include "pawl/kafka/admin.h"
#include "support/eventually.h"
#include "support/files.h"
#include "support/ports.h"
#include "support/tcp_gate.h"

namespace pawl::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kLedDeadline = 30s;
constexpr auto kStartDeadline = 60s;
constexpr auto kStopDeadline = 30s;
constexpr int kPortTries = 5;
constexpr std::string_view kReadyLine = "Kafka Server started";
constexpr std::string_view kPortTaken = "Address already in use";

fs::path jars_folder() {
  const char* chosen = std::getenv("PAWL_KAFKA_JARS");
  fs::path folder = chosen != nullptr ? chosen : PAWL_SOURCE_FOLDER "/.cache/kafka/jars";
  if (!fs::exists(folder / "kafka_2.13-4.1.0.jar")) {
    throw std::runtime_error(
        "found no Apache Kafka in " + folder.string() +
        ". Run ./dev test, which fetches it, or set PAWL_KAFKA_JARS to a folder made with mvn -f "
        "deploy/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory=FOLDER");
  }
  return folder;
}

// One node, and nothing in it that costs memory or waits for partners who will not come.
std::map<std::string, std::string> one_node() {
  return {
      {"process.roles", "broker,controller"},
      {"node.id", "1"},
      {"controller.listener.names", "CONTROLLER"},
      {"listener.security.protocol.map",
       "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,GATED:PLAINTEXT"},
      {"inter.broker.listener.name", "PLAINTEXT"},
      {"offsets.topic.replication.factor", "1"},
      {"offsets.topic.num.partitions", "1"},
      {"transaction.state.log.replication.factor", "1"},
      {"transaction.state.log.min.isr", "1"},
      {"transaction.state.log.num.partitions", "1"},
      {"share.coordinator.state.topic.replication.factor", "1"},
      {"share.coordinator.state.topic.min.isr", "1"},
      {"share.coordinator.state.topic.num.partitions", "1"},
      // A killed broker may not come back before its old session has ended: 9 s by default.
      {"broker.session.timeout.ms", "3000"},
      {"broker.heartbeat.interval.ms", "500"},
      // A restarted broker registers with its controller; a first request that is lost waits so
      // long.
      {"controller.socket.timeout.ms", "2000"},
      {"group.initial.rebalance.delay.ms", "0"},
      {"group.min.session.timeout.ms", "500"},
      {"auto.create.topics.enable", "false"},
      {"log.cleaner.dedupe.buffer.size", "4194304"},
      {"num.network.threads", "2"},
      {"num.io.threads", "2"},
  };
}

std::string as_text(const std::map<std::string, std::string>& properties) {
  std::string text;
  for (const auto& [name, value] : properties) text += name + "=" + value + "\n";
  return text;
}

}  // namespace

KafkaServer::KafkaServer(std::map<std::string, std::string> properties,
                         std::vector<std::string> jvm)
    : properties_(std::move(properties)),
      jvm_(std::move(jvm)),
      jars_(jars_folder()),
      folder_("kafka") {
  properties_.merge(one_node());
  properties_["log.dirs"] = folder_.path() / "log";
}

KafkaServer::~KafkaServer() = default;

void KafkaServer::put_behind(TcpGate& gate) {
  if (port_ != 0) throw std::logic_error("KafkaServer::put_behind() after start()");
  gate_ = &gate;
}

// A small heap, one garbage collector thread and only the quick compiler: 3.2 s of start become 2.1
// s. With the classes archived by an earlier broker they become 1.1 s.
std::vector<std::string> KafkaServer::java(std::string main_class) const {
  std::vector<std::string> command{
      "java",
      "-Xmx512m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-Xlog:disable",
      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
      "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info"};
  if (auto archive = jars_ / "classes.jsa"; fs::exists(archive)) {
    command.push_back("-XX:SharedArchiveFile=" + archive.string());
  } else if (main_class == "kafka.Kafka") {
    command.push_back("-XX:ArchiveClassesAtExit=" + (folder_.path() / "classes.jsa").string());
  }
  command.insert(command.end(), jvm_.begin(), jvm_.end());
  command.insert(command.end(), {"-cp", (jars_ / "*").string(), std::move(main_class)});
  return command;
}

void KafkaServer::choose_ports() {
  port_ = free_port();
  auto controller = "127.0.0.1:" + std::to_string(free_port());
  properties_["listeners"] = "PLAINTEXT://" + bootstrap() + ",CONTROLLER://" + controller;
  properties_["advertised.listeners"] = "PLAINTEXT://" + bootstrap();
  properties_["controller.quorum.voters"] = "1@" + controller;
  if (gate_ != nullptr) choose_gated_port();
  write_file(folder_.path() / "server.properties", as_text(properties_));
}

// A broker tells its clients to go on to the address that is advertised for the listener they came
// by.
void KafkaServer::choose_gated_port() {
  const auto port = free_port();
  gate_->forward_to(port);
  properties_["listeners"] += ",GATED://127.0.0.1:" + std::to_string(port);
  properties_["advertised.listeners"] += ",GATED://" + gate_->address();
}

void KafkaServer::format() {
  auto command = java("kafka.tools.StorageTool");
  command.insert(command.end(),
                 {"format", "-t", "cGF3bC10ZXN0cy1vbmx5IQ", "-c", "server.properties"});
  auto finished =
      run({.command = command, .environment = {}, .input = {}, .folder = folder_.path()});
  if (finished.exit_code != 0) {
    throw std::runtime_error("cannot format Kafka's log folder:\n" + finished.output +
                             finished.errors);
  }
  formatted_ = true;
}

void KafkaServer::configure_topic(const std::string& name,
                                  const std::map<std::string, std::string>& configs) const {
  auto command = java("kafka.admin.ConfigCommand");
  std::string list;
  for (const auto& [config, value] : configs)
    list += (list.empty() ? "" : ",") + config + "=" + value;
  command.insert(command.end(),
                 {"--bootstrap-server",
                  bootstrap(),
                  "--entity-type",
                  "topics",
                  "--entity-name",
                  name,
                  "--alter",
                  "--add-config",
                  list});
  const auto finished =
      run({.command = command, .environment = {}, .input = {}, .folder = folder_.path()});
  if (finished.exit_code != 0) {
    throw std::runtime_error("cannot configure topic " + name + ":\n" + finished.output +
                             finished.errors);
  }
}

void KafkaServer::launch() {
  auto command = java("kafka.Kafka");
  command.emplace_back("server.properties");
  process_ = std::make_unique<Process>(ProcessSettings{
      .command = command, .environment = {}, .input = {}, .folder = folder_.path()});
}

void KafkaServer::start() {
  if (process_ && process_->running()) return;
  for (int attempt = 1; attempt <= kPortTries; ++attempt) {
    if (port_ == 0) choose_ports();
    if (!formatted_) format();
    launch();
    auto decided = eventually(
        "Kafka is ready",
        [this] { return !process_->running() || log().contains(kReadyLine); },
        kStartDeadline);
    if (decided && process_->running()) {
      address_is_known_ = true;
      return;
    }
    // A first start may take other ports; a later one may not: its clients know the address.
    if (address_is_known_ || !log().contains(kPortTaken)) break;
    port_ = 0;
  }
  throw std::runtime_error("Kafka did not start: " + process_->describe());
}

void KafkaServer::stop() {
  if (!process_) return;
  process_->signal(SIGCONT);
  process_->signal(SIGTERM);
  process_->wait(kStopDeadline);
  process_.reset();
  keep_archive();
}

void KafkaServer::kill() {
  if (!process_) return;
  process_->signal(SIGKILL);
  process_->wait(kStopDeadline);
  process_.reset();
}

void KafkaServer::freeze() {
  process_->signal(SIGSTOP);
}
void KafkaServer::thaw() {
  process_->signal(SIGCONT);
}

void KafkaServer::create_topic(const std::string& name,
                               int partitions,
                               std::map<std::string, std::string> configs) const {
  kafka::Admin admin{{.brokers = bootstrap(), .properties = {}, .log = {}}};
  admin.create_topic({.name = name, .partitions = partitions, .configs = std::move(configs)});
  // The broker knows of a topic before it leads all its partitions.
  const auto problem = [&]() -> std::string {
    try {
      static_cast<void>(admin.watermarks(name));
      return {};
    } catch (const Failure& failure) {
      return failure.what();
    }
  };
  if (auto led = eventually_without("the topic is led", problem, kLedDeadline); !led)
    throw std::runtime_error(led.message());
}

std::string KafkaServer::bootstrap() const {
  return "127.0.0.1:" + std::to_string(port_);
}
pid_t KafkaServer::pid() const noexcept {
  return process_ ? process_->pid() : -1;
}
std::string KafkaServer::log() const {
  return process_ ? process_->errors() : "";
}

// The first broker that ends cleanly leaves its loaded classes beside the jars; later ones start in
// half the time. Only a gain: whatever goes wrong here is ignored.
void KafkaServer::keep_archive() const {
  std::error_code ignored;
  auto made = folder_.path() / "classes.jsa";
  auto kept = jars_ / "classes.jsa";
  if (!fs::exists(made, ignored) || fs::exists(kept, ignored)) return;
  auto arriving = jars_ / ("classes.jsa." + std::to_string(::getpid()));
  fs::copy_file(made, arriving, ignored);
  fs::rename(arriving, kept, ignored);
}

KafkaServer& shared_kafka() {
  struct Shared {
    Shared() { server.start(); }
    ~Shared() { server.stop(); }
    KafkaServer server;
  };
  static Shared shared;
  return shared.server;
}

}  // namespace pawl::test
