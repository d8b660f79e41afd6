// A member of a consumer group: a client that is told which lanes are ours and fetches none of
// them. Inside src/kafka only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "pawl/kafka/configuration.h"
#include "pawl/kafka/handle.h"
#include "pawl/kafka/lane_intake.h"

namespace pawl::kafka {

/// By the poll thread alone, but for wake().
class GroupMember {
 public:
  /// Joins the group of the settings. Throws Failure(give_up) when the properties or the topics
  /// are refused.
  explicit GroupMember(const LaneIntakeSettings& settings);

  /// The next event, a rebalance or an error; null when none comes within `wait_max` or at wake().
  [[nodiscard]] EventHandle poll(std::chrono::milliseconds wait_max);
  /// Ends a poll(). Any thread.
  void wake();

  /// Answers to a rebalance: the group waits for them.
  [[nodiscard]] rd_kafka_resp_err_t acknowledge_assignment();
  void acknowledge_revocation();
  /// Whether others have the lanes already that were just revoked.
  [[nodiscard]] bool assignment_is_lost() const;
  /// Why the client has ended for good, and librdkafka's words for it.
  [[nodiscard]] rd_kafka_resp_err_t fatal_error(std::string& text) const;

  /// The group's offsets, for lag tools; no answer is waited for. Not while the group rebalances:
  /// librdkafka takes a refusal for the loss of its assignment.
  void commit(const std::map<TopicPartition, std::int64_t>& offsets);

  /// Begins to leave; poll() goes on. False when there is nothing to be left any more.
  bool leave();
  [[nodiscard]] bool has_left() const;

 private:
  bool cooperative_;
  bool leaving_ = false;
  Client client_;
  QueueHandle queue_;
  QueueHandle close_queue_;  // takes queue_'s place while leaving
};

}  // namespace pawl::kafka
