// What Pawl promises, checked against what is committed. The model: a command ends once, its
// effects and its event are there once or not at all, keys keep their order, the counters add up.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "behaviour/world.h"
#include "property/history.h"

namespace pawl::test {

struct PromiseSettings {
  std::string events_topic;
  std::string dead_letter_topic;
  int attempts_max;
  std::chrono::milliseconds age_max;
  OnFailure on_failure;
};

class Promises {
 public:
  /// Reads what is committed now. `history` outlives this.
  Promises(World& world, const History& history, PromiseSettings settings);

  /// What holds at any time, whatever has just failed. Returns the first broken promise; empty: all
  /// are kept.
  [[nodiscard]] std::string broken_now();
  /// What holds when the faults are over and all have had their time. `ends`: of the partitions.
  [[nodiscard]] std::string broken_at_the_end(const std::map<TopicPartition, std::int64_t>& ends);

 private:
  void counters_add_up();
  void endings_match_counters();
  void each_id_ends_once();
  void ended(const Uuid& id, const InboxRow& row);
  void events_match_endings();
  void each_version_once();
  void keys_keep_their_order();
  void nothing_is_left(const std::map<TopicPartition, std::int64_t>& ends);
  void all_have_ended();
  void deaths_are_deserved();
  void endings_are_deserved();

  [[nodiscard]] std::int64_t sum(std::int64_t PositionRow::* counter) const;
  /// The command that an event answers; null: none of ours.
  [[nodiscard]] const Publication* cause_of(const NumberedEvent& event) const;
  [[nodiscard]] bool has_aged(const Publication& publication) const;
  [[nodiscard]] bool may_die(const Publication& publication, const DeadRow& letter) const;
  void expect(bool kept, const std::string& promise);

  const History& history_;
  PromiseSettings settings_;
  std::vector<AccountRow> accounts_;
  std::vector<ledger::Transfer> transfers_;
  std::map<Uuid, InboxRow> inbox_;
  std::vector<NumberedEvent> events_;     // in the outbox's order
  std::int64_t dead_letter_records_ = 0;  // in the outbox
  std::vector<DeadRow> letters_;
  std::vector<PositionRow> positions_;
  std::vector<HeldRow> held_;
  std::string broken_;
};

}  // namespace pawl::test
