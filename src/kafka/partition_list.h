// librdkafka's partition lists, to and from ours. Inside src/kafka only.
#pragma once

#include <map>
#include <vector>

#include "pawl/core/record.h"
#include "pawl/kafka/handle.h"

namespace pawl::kafka {

inline PartitionListHandle partition_list(const std::map<TopicPartition, std::int64_t>& offsets) {
  PartitionListHandle list{rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()))};
  for (const auto& [lane, offset] : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), lane.topic.c_str(), lane.partition)->offset =
        offset;
  }
  return list;
}

inline std::vector<TopicPartition> lanes_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<TopicPartition> lanes;
  lanes.reserve(static_cast<std::size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i) {
    lanes.push_back({list.elems[i].topic, list.elems[i].partition});
  }
  return lanes;
}

}  // namespace pawl::kafka
