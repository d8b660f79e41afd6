// Lanes come and go: takeover at an assignment, release at a revocation.

#include <algorithm>
#include <iterator>
#include <set>

#include "pawl/engine/engine.h"

namespace pawl::engine {
namespace {

// Kafka did not answer, while the database did.
struct BrokerAway {
  Failure failure;
};

template <class Ask>
auto ask_broker(Ask ask) {
  try {
    return ask();
  } catch (const Failure& failure) {
    throw BrokerAway{failure};
  }
}

}  // namespace

bool Engine::read_mailbox() {
  if (releasing_) return false;  // one step of the group protocol after the other
  std::optional<GroupEvent> event = mailbox_.take();
  if (!event) return false;
  if (auto* assigned = std::get_if<Assigned>(&*event)) {
    taking_ = std::move(*assigned);
  } else {
    taking_.reset();
    releasing_ = std::get<Revoked>(*event);
    release_until_ = parts_.clock.now() + settings_.release_budget;
  }
  return true;
}

bool Engine::take_lanes() {
  if (!taking_) return false;
  try {
    parts_.store.reconnect(settings_.in_flight);
    ensure_positions(taking_->lanes);
    if (!next_epoch_) next_epoch_ = parts_.store.new_epoch();
    const std::vector<Position> positions = parts_.store.take_over(taking_->lanes, *next_epoch_);
    epoch_ = *std::exchange(next_epoch_, std::nullopt);
    open_lanes(positions);
    taking_.reset();
    must_recover_ = false;
    came_back();
  } catch (const BrokerAway& away) {
    go_away(away.failure, "broker");
  } catch (const Failure& failure) {
    go_away(failure);
  }
  return true;
}

void Engine::open_lanes(const std::vector<Position>& positions) {
  std::vector<LaneStart> starts;
  for (const Position& position : positions)
    starts.push_back({position.lane, position.next_offset});
  parts_.intake.start(taking_->assignment, starts);
  std::set<TopicPartition> abandoned;
  for (const Position& position : positions) {
    if (position.abandoned) abandoned.insert(position.lane);
    lanes_[position.lane] = std::make_unique<Lane>(
        position.lane, position.next_offset, position.commits, parts_.intake.source(position.lane));
    lanes_[position.lane]->set_held_version(position.held_version);
    suspect(position);
    obey_pauses(*lanes_[position.lane]);
    parts_.log.debug("lane taken",
                     {{"topic", position.lane.topic},
                      {"partition", position.lane.partition},
                      {"offset", position.next_offset}});
  }
  read_held(abandoned);
  parts_.log.info("lanes taken",
                  {{"lanes", positions.size()},
                   {"abandoned", static_cast<std::int64_t>(abandoned.size())},
                   {"epoch", epoch_}});
}

// A lane that was never read gets its position stored before the first fetch. `start_from = latest`
// counts only when the topic is new to this consumer, and then for all its partitions at once: a
// partition seen later starts at its beginning.
void Engine::ensure_positions(const std::vector<TopicPartition>& lanes) {
  std::set<TopicPartition> missing(lanes.begin(), lanes.end());
  for (const Position& position : parts_.store.positions(lanes)) missing.erase(position.lane);
  std::set<std::string> topics;
  for (const TopicPartition& lane : missing) topics.insert(lane.topic);
  for (const std::string& topic : topics) {
    const bool known = parts_.store.topic_is_known(topic);
    const StartFrom from = known ? StartFrom::earliest : settings_.start_from;
    std::set<TopicPartition> lacking;
    std::ranges::copy_if(missing,
                         std::inserter(lacking, lacking.end()),
                         [&](const TopicPartition& lane) { return lane.topic == topic; });
    const std::int32_t count =
        known ? 0 : ask_broker([&] { return parts_.intake.partitions(topic); });
    for (std::int32_t partition = 0; partition < count; ++partition)
      lacking.insert({topic, partition});
    std::vector<Position> first;
    for (const TopicPartition& lane : lacking) {
      first.push_back({lane, ask_broker([&] { return parts_.intake.resolve(lane, from); }), 0});
    }
    parts_.store.add_positions(first);
  }
}

bool Engine::release_lanes() {
  if (!releasing_) return false;
  const bool must_end = releasing_->lost || away_ || parts_.clock.now() >= release_until_;
  if (!in_flight_.empty() && !must_end) return false;
  give_lanes_up();
  drop_lanes();
  parts_.intake.released(releasing_->assignment);
  releasing_.reset();
  return true;
}

// Whoever lives to say so has not crashed on what it leaves undone: the next owner need suspect
// nothing.
void Engine::give_lanes_up() {
  if (away_ || lanes_.empty()) return;
  try {
    if (!in_flight_.empty() || must_recover_) parts_.store.reconnect(1);
    parts_.store.give_up(lane_ids(), epoch_);
  } catch (const Failure& failure) {
    parts_.log.debug("lanes could not be given up in the database",
                     {{"code", failure.code()}, {"what", failure.what()}});
  }
}

void Engine::drop_lanes() {
  if (!in_flight_.empty()) {
    parts_.log.warn("lanes taken away with batches in flight; their next owner does them again",
                    {{"batches", static_cast<std::int64_t>(in_flight_.size())}});
  }
  in_flight_.clear();
  prepared_.reset();
  doubt_.reset();
  care_ = {};
  losses_ = 0;
  next_epoch_.reset();
  retake_at_.reset();
  parts_.store.reconnect(0);  // whatever the connections were doing ends with them
  must_recover_ = true;
  decider_.forget();
  lanes_.clear();
}

}  // namespace pawl::engine
