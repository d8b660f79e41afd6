#include "pawl/cli/demo_stage.h"

#include <array>

#include "pawl/cli/config_options.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/mock_cluster.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/migrator.h"
#include "pawl/postgres/temporary_server.h"

namespace pawl::cli {

DemoStage::DemoStage(StageOptions options) : options_(std::move(options)) {
  if (options_.database.empty()) server_ = std::make_unique<postgres::TemporaryServer>();
  if (options_.brokers.empty()) cluster_ = std::make_unique<kafka::MockCluster>();
}

DemoStage::~DemoStage() = default;

std::string DemoStage::brokers() const {
  return cluster_ ? cluster_->bootstrap() : options_.brokers;
}

std::string DemoStage::database() const {
  return server_ ? server_->url() : options_.database;
}

std::string DemoStage::kafka_text() const {
  return cluster_ ? "embedded Kafka" : "Kafka at " + options_.brokers;
}

std::string DemoStage::database_text() const {
  return server_ ? "private PostgreSQL"
                 : "PostgreSQL at " + postgres::describe_target(options_.database);
}

void DemoStage::prepare(const config::Settings& settings, int partitions) {
  postgres::Migrator{database(), postgres::builtin_migrations()}.up();
  make_topics(settings, partitions);
}

void DemoStage::make_topics(const config::Settings& settings, int partitions) {
  const std::array topics{settings.consumer.commands_topic,
                          settings.consumer.events_topic,
                          settings.consumer.dead_letter_topic};
  if (cluster_) {
    for (const std::string& topic : topics) cluster_->create_topic(topic, partitions);
    return;
  }
  kafka::Admin admin{kafka_of(settings)};
  for (const std::string& topic : topics)
    admin.create_topic({.name = topic, .partitions = partitions});
}

}  // namespace pawl::cli
