#include "pawl/kafka/admin.h"

#include <array>
#include <charconv>
#include <utility>

#include "pawl/kafka/configuration.h"
#include "pawl/kafka/partition_count.h"

namespace pawl::kafka {
namespace {

using NewTopicHandle = Handle<rd_kafka_NewTopic_t, &rd_kafka_NewTopic_destroy>;
using OptionsHandle = Handle<rd_kafka_AdminOptions_t, &rd_kafka_AdminOptions_destroy>;
using ResourceHandle = Handle<rd_kafka_ConfigResource_t, &rd_kafka_ConfigResource_destroy>;

// A consumer without a group: unlike a producer it does not ask brokers to create the topics that
// it asks about.
Client make_client(const KafkaSettings& settings) {
  return Configuration{}
      .apply(settings, Scope::consumer)
      .set("allow.auto.create.topics", "false")
      .set("socket.nagle.disable", "true")
      .create(RD_KAFKA_CONSUMER);
}

OptionsHandle make_options(rd_kafka_t* client, rd_kafka_admin_op_t operation, int timeout_ms) {
  std::array<char, 256> text{};
  OptionsHandle options{rd_kafka_AdminOptions_new(client, operation)};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, text.data(), text.size());
  return options;
}

// The wait is bounded by the options' timeout; the margin is for the answer's way back.
EventHandle wait_for_answer(rd_kafka_queue_t* queue, int timeout_ms, const std::string& what) {
  EventHandle event{rd_kafka_queue_poll(queue, timeout_ms + 1'000)};
  if (!event) throw make_failure(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  if (const auto error = rd_kafka_event_error(event.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw make_failure(error, what + " [" + rd_kafka_event_error_string(event.get()) + "]");
  }
  return event;
}

}  // namespace

Admin::Admin(const KafkaSettings& settings, std::chrono::milliseconds answer_max)
    : answer_max_ms_(static_cast<int>(answer_max.count())),
      client_(std::make_unique<Client>(make_client(settings))) {}

Admin::~Admin() = default;

bool Admin::create_topic(const NewTopic& topic) {
  const std::string what = "cannot create topic=" + topic.name;
  std::array<char, 256> text{};
  const NewTopicHandle request{rd_kafka_NewTopic_new(
      topic.name.c_str(), topic.partitions, topic.replication_factor, text.data(), text.size())};
  if (!request) {
    throw make_failure(
        Remedy::give_up, RD_KAFKA_RESP_ERR__INVALID_ARG, what + " [" + text.data() + "]");
  }
  for (const auto& [name, value] : topic.configs) {
    rd_kafka_NewTopic_set_config(request.get(), name.c_str(), value.c_str());
  }
  const QueueHandle queue{rd_kafka_queue_new(client_->get())};
  const OptionsHandle options =
      make_options(client_->get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, answer_max_ms_);
  std::array requests{request.get()};
  rd_kafka_CreateTopics(
      client_->get(), requests.data(), requests.size(), options.get(), queue.get());
  const EventHandle event = wait_for_answer(queue.get(), answer_max_ms_, what);

  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  const rd_kafka_resp_err_t error =
      count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR__FAIL;
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return false;
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  const char* detail = count == 1 ? rd_kafka_topic_result_error_string(results[0]) : nullptr;
  throw make_failure(error, what + (detail == nullptr ? "" : std::string(" [") + detail + "]"));
}

TopicDescription Admin::describe(const std::string& topic, bool with_retention) {
  TopicDescription description{.name = topic};
  const auto partitions = partition_count(client_->get(), topic, answer_max_ms_);
  if (!partitions) return description;
  description.exists = true;
  description.partitions = *partitions;
  if (with_retention) description.retention = retention(topic);
  return description;
}

std::optional<std::chrono::milliseconds> Admin::retention(const std::string& topic) {
  const ResourceHandle resource{
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str())};
  const QueueHandle queue{rd_kafka_queue_new(client_->get())};
  const OptionsHandle options =
      make_options(client_->get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, answer_max_ms_);
  std::array resources{resource.get()};
  rd_kafka_DescribeConfigs(
      client_->get(), resources.data(), resources.size(), options.get(), queue.get());
  const EventHandle event{rd_kafka_queue_poll(queue.get(), answer_max_ms_ + 1'000)};
  if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};

  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** described = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  if (count != 1) return {};
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(described[0], &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value == nullptr) continue;
    if (std::string_view(rd_kafka_ConfigEntry_name(entries[i])) != "retention.ms") continue;
    const std::string_view digits = value;
    std::int64_t milliseconds = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
    if (parsed.ec == std::errc{}) return std::chrono::milliseconds{milliseconds};
  }
  return {};
}

std::vector<Watermarks> Admin::watermarks(const std::string& topic) {
  const TopicDescription description = describe(topic);
  if (!description.exists) {
    throw make_failure(Remedy::give_up, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "topic=" + topic);
  }
  std::vector<Watermarks> marks(static_cast<std::size_t>(description.partitions));
  for (std::int32_t partition = 0; partition < description.partitions; ++partition) {
    Watermarks& mark = marks[static_cast<std::size_t>(partition)];
    const auto error = rd_kafka_query_watermark_offsets(
        client_->get(), topic.c_str(), partition, &mark.low, &mark.high, answer_max_ms_);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      throw make_failure(Remedy::reconnect_and_rerun,
                         error,
                         "cannot ask for the offsets of topic=" + topic +
                             " partition=" + std::to_string(partition));
    }
  }
  return marks;
}

std::vector<std::int64_t> Admin::offsets_at(const std::string& topic, WallTime from) {
  const std::vector<Watermarks> marks = watermarks(topic);
  const PartitionListHandle wanted{
      rd_kafka_topic_partition_list_new(static_cast<int>(marks.size()))};
  for (std::int32_t partition = 0; std::cmp_less(partition, marks.size()); ++partition) {
    rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), partition)->offset =
        from.time_since_epoch().count();
  }
  const auto error = rd_kafka_offsets_for_times(client_->get(), wanted.get(), answer_max_ms_);
  const auto refuse = [&](rd_kafka_resp_err_t why) {
    return make_failure(
        Remedy::reconnect_and_rerun, why, "cannot ask for offsets by time of topic=" + topic);
  };
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw refuse(error);
  std::vector<std::int64_t> offsets;
  for (const Watermarks& mark : marks) offsets.push_back(mark.high);
  for (int i = 0; i < wanted->cnt; ++i) {
    const rd_kafka_topic_partition_t& found = wanted->elems[i];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) throw refuse(found.err);
    if (found.offset >= 0) offsets[static_cast<std::size_t>(found.partition)] = found.offset;
  }
  return offsets;
}

std::map<std::string, int> require_topics(const KafkaSettings& settings,
                                          std::span<const std::string> topics,
                                          std::chrono::milliseconds answer_max) {
  Admin admin{settings, answer_max};
  std::map<std::string, int> partitions;
  std::string absent;
  for (const std::string& topic : topics) {
    const TopicDescription description = admin.describe(topic);
    if (description.exists) {
      partitions[topic] = description.partitions;
    } else {
      absent += (absent.empty() ? "" : ", ") + topic;
    }
  }
  if (!absent.empty()) {
    throw make_failure(Remedy::give_up,
                       RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                       "these topics do not exist at " + settings.brokers + ": " + absent +
                           "; run `pawl topics create`");
  }
  return partitions;
}

}  // namespace pawl::kafka
