// Owners of librdkafka's C objects: one line each, destroyed by the library's own function.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace pawl::kafka {

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const noexcept {
    destroy(object);
  }
};

template <class T, auto destroy>
using Handle = std::unique_ptr<T, Destroy<destroy>>;

using ConfHandle = Handle<rd_kafka_conf_t, &rd_kafka_conf_destroy>;
using ClientHandle = Handle<rd_kafka_t, &rd_kafka_destroy>;
using QueueHandle = Handle<rd_kafka_queue_t, &rd_kafka_queue_destroy>;
using EventHandle = Handle<rd_kafka_event_t, &rd_kafka_event_destroy>;
using TopicHandle = Handle<rd_kafka_topic_t, &rd_kafka_topic_destroy>;
using HeadersHandle = Handle<rd_kafka_headers_t, &rd_kafka_headers_destroy>;
using ErrorHandle = Handle<rd_kafka_error_t, &rd_kafka_error_destroy>;
using PartitionListHandle =
    Handle<rd_kafka_topic_partition_list_t, &rd_kafka_topic_partition_list_destroy>;
using MetadataHandle = Handle<const rd_kafka_metadata_t, &rd_kafka_metadata_destroy>;

}  // namespace pawl::kafka
