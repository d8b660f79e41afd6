#include "pawl/kafka/mock_cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "pawl/kafka/configuration.h"

namespace pawl::kafka {
namespace {

using MockHandle = Handle<rd_kafka_mock_cluster_t, &rd_kafka_mock_cluster_destroy>;

constexpr std::int16_t kInitProducerId = 22;  // the protocol's number of that request
constexpr std::int32_t kAllBrokers = -1;

}  // namespace

struct MockCluster::State {
  Client client;  // the cluster lives inside a client, which itself connects to nothing
  MockHandle cluster;
};

MockCluster::MockCluster(int brokers) : state_(std::make_unique<State>()) {
  state_->client = Configuration{}.create(RD_KAFKA_PRODUCER);
  state_->cluster.reset(rd_kafka_mock_cluster_new(state_->client.get(), brokers));
  if (!state_->cluster) {
    throw make_failure(Remedy::give_up, RD_KAFKA_RESP_ERR__FAIL, "cannot start the mock cluster");
  }
}

MockCluster::~MockCluster() = default;

std::string MockCluster::bootstrap() const {
  return rd_kafka_mock_cluster_bootstraps(state_->cluster.get());
}

void MockCluster::create_topic(const std::string& name, int partitions) {
  const auto error = rd_kafka_mock_topic_create(state_->cluster.get(), name.c_str(), partitions, 1);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(Remedy::give_up, error, "cannot create mock topic=" + name);
  }
}

void MockCluster::go_away() {
  rd_kafka_mock_broker_set_down(state_->cluster.get(), kAllBrokers);
}

void MockCluster::come_back() {
  rd_kafka_mock_broker_set_up(state_->cluster.get(), kAllBrokers);
}

void MockCluster::refuse_next_producer() {
  rd_kafka_mock_push_request_errors(
      state_->cluster.get(), kInitProducerId, 1, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
}

void MockCluster::slow_down(std::chrono::milliseconds by) {
  rd_kafka_mock_broker_set_rtt(state_->cluster.get(), kAllBrokers, static_cast<int>(by.count()));
}

}  // namespace pawl::kafka
