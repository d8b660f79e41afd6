#include "pawl/kafka/partition_count.h"

#include <array>

#include "pawl/kafka/failure.h"

namespace pawl::kafka {
namespace {

bool missing(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

std::string brokers_of(rd_kafka_t* client) {
  std::array<char, 512> brokers{};
  std::size_t size = brokers.size();
  const rd_kafka_conf_res_t found =
      rd_kafka_conf_get(rd_kafka_conf(client), "bootstrap.servers", brokers.data(), &size);
  return found == RD_KAFKA_CONF_OK ? brokers.data() : "";
}

}  // namespace

std::optional<int> partition_count(rd_kafka_t* client,
                                   const std::string& topic,
                                   int answer_max_ms) {
  const TopicHandle handle{rd_kafka_topic_new(client, topic.c_str(), nullptr)};
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error =
      rd_kafka_metadata(client, /*all_topics=*/0, handle.get(), &answer, answer_max_ms);
  const MetadataHandle metadata{answer};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(Remedy::reconnect_and_rerun,
                       error,
                       "no answer from Kafka at " + brokers_of(client) + " within " +
                           std::to_string(answer_max_ms) +
                           " ms: check kafka.brokers, kafka.properties and that it runs");
  }
  if (metadata->topic_cnt != 1 || missing(metadata->topics[0].err)) return std::nullopt;
  if (metadata->topics[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(metadata->topics[0].err, "cannot describe topic=" + topic);
  }
  return metadata->topics[0].partition_cnt;
}

}  // namespace pawl::kafka
