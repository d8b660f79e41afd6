// A real Apache Kafka (KRaft, one node) for tests. The jars come from `./dev test`, see
// deploy/kafka/pom.xml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace pawl::test {

class TcpGate;

/// A broker with an empty log of its own on ports of its own. It survives neither its owner nor the
/// test's process. Address and data stay the same over stop() or kill() and start(). One thread at
/// a time, and start() from one that lives as long as the broker shall (see Process).
class KafkaServer {
 public:
  /// `properties` are added to, or replace, those of server.properties. Nothing runs yet. Throws
  /// std::runtime_error when the jars are missing, saying what to run.
  /// `jvm` are further options of the Java machine, over ours, which are for a quick start.
  explicit KafkaServer(std::map<std::string, std::string> properties = {},
                       std::vector<std::string> jvm = {});
  ~KafkaServer();

  /// Clients that are given the gate's address meet the broker only through it. bootstrap() still
  /// leads past it. Before the first start(); the gate outlives the broker.
  void put_behind(TcpGate& gate);

  /// Returns when it takes requests. Throws std::runtime_error with the last lines of its log when
  /// it ends or does not get ready within a minute. Nothing when it runs already.
  void start();
  /// A clean end (SIGTERM) and its wait. Nothing when it does not run.
  void stop();
  /// SIGKILL, as in a power cut.
  void kill();
  /// SIGSTOP: it keeps its connections and answers nothing. thaw() ends that.
  void freeze();
  void thaw();

  /// A new topic, ready for use; `configs` like {"retention.ms", "1000"}. Throws Failure when the
  /// broker refuses.
  void create_topic(const std::string& name,
                    int partitions = 1,
                    std::map<std::string, std::string> configs = {}) const;

  /// Sets configs of a topic, like {"max.message.bytes", "1000"}; takes seconds. Throws
  /// std::runtime_error with what Kafka's own command says when it fails.
  void configure_topic(const std::string& name,
                       const std::map<std::string, std::string>& configs) const;

  /// "127.0.0.1:23456", for `bootstrap.servers` and `kafka.brokers`.
  [[nodiscard]] std::string bootstrap() const;
  /// Its process while it runs, otherwise -1.
  [[nodiscard]] pid_t pid() const noexcept;
  /// What it has logged since its last start.
  [[nodiscard]] std::string log() const;

 private:
  void choose_ports();
  void choose_gated_port();
  void format();
  void launch();
  [[nodiscard]] std::vector<std::string> java(std::string main_class) const;
  void keep_archive() const;

  std::map<std::string, std::string> properties_;
  std::vector<std::string> jvm_;
  std::filesystem::path jars_;
  TemporaryFolder folder_;
  TcpGate* gate_ = nullptr;
  std::uint16_t port_ = 0;
  bool formatted_ = false;
  bool address_is_known_ = false;
  std::unique_ptr<Process> process_;
};

/// The broker that all tests of this program share: started at the first call, stopped when the
/// program ends. Tests that stop, kill or freeze a broker make one of their own. Use unique_name()
/// for topics and groups.
KafkaServer& shared_kafka();

}  // namespace pawl::test
