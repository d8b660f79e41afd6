#include "bench/floor/topic_feed.h"

namespace pawl::bench {

using namespace std::chrono_literals;

class TopicFeed::Source final : public engine::LaneSource {
 public:
  Source(std::deque<Record>& records, std::size_t& count) : records_(records), count_(count) {}

  void take(std::vector<Record>& into, std::size_t records_max, std::size_t bytes_max) override {
    std::size_t bytes = 0;
    for (std::size_t taken = 0; !records_.empty() && taken < records_max && bytes < bytes_max;
         ++taken) {
      bytes += records_.front().bytes;
      into.push_back(std::move(records_.front()));
      records_.pop_front();
      --count_;
    }
  }

 private:
  std::deque<Record>& records_;
  std::size_t& count_;
};

TopicFeed::TopicFeed(const kafka::KafkaSettings& kafka,
                     const std::string& topic,
                     std::int32_t partitions,
                     std::size_t ahead)
    : topic_(topic),
      ahead_(ahead),
      reader_(kafka, topic),
      waiting_(static_cast<std::size_t>(partitions)) {}

bool TopicFeed::fill(const Interrupt& interrupt) {
  while (count_ < ahead_ && !reader_.at_end()) {
    auto record = reader_.poll(100ms);
    if (!record) {
      interrupt.check();
      continue;
    }
    waiting_.at(static_cast<std::size_t>(record->partition)).push_back(*std::move(record));
    ++count_;
  }
  return count_ > 0;
}

std::vector<TopicPartition> TopicFeed::lanes() const {
  std::vector<TopicPartition> lanes;
  for (std::size_t partition = 0; partition < waiting_.size(); ++partition) {
    lanes.push_back({topic_, static_cast<std::int32_t>(partition)});
  }
  return lanes;
}

std::unique_ptr<engine::LaneSource> TopicFeed::source(const TopicPartition& lane) {
  return std::make_unique<Source>(waiting_.at(static_cast<std::size_t>(lane.partition)), count_);
}

}  // namespace pawl::bench
