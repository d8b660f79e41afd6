#include "property/planted_bugs.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace pawl::test {
namespace {

/// What the sessions of one store have in common.
struct Plot {
  Bug bug;
  FakeWorld& world;
  bool forgets_next_claims = false;
};

class BuggySession final : public engine::Session {
 public:
  BuggySession(engine::Session& inner, Plot& plot) : inner_(inner), plot_(plot) {}

  void take_parked(const engine::TakeParkedRequest& request) override {
    from_park_ = true;
    inner_.take_parked(request);
  }

  void claim(const engine::ClaimRequest& request) override {
    forgets_ = std::exchange(plot_.forgets_next_claims, false);
    if (!forgets_) return inner_.claim(request);
    engine::ClaimRequest without = request;
    without.claims.clear();
    inner_.claim(without);
  }

  void save(const engine::SaveRequest& request) override {
    const bool loses = plot_.bug == Bug::loses_effects && from_park_;
    engine::SaveRequest saved{.outbox_batch = request.outbox_batch, .began_at = request.began_at};
    saved.unclaim = request.unclaim;
    saved.endings = request.endings;
    saved.dead_letters = request.dead_letters;
    if (forgets_) saved.unclaim.clear();
    if (forgets_) saved.endings.clear();
    if (!loses) saved.writes = request.writes;
    const bool drops = plot_.bug == Bug::drops_last_event && request.events.size() > 1;
    const std::size_t events = request.events.size() - (drops ? 1 : 0);
    for (std::size_t i = 0; i < events; ++i) saved.events.add(request.events[i]);
    inner_.save(saved);
  }

  void fence(const engine::FenceRequest& request) override {
    if (plot_.bug != Bug::fences_nobody) return inner_.fence(request);
    engine::FenceRequest waved_through = request;
    for (const PositionRow& row : plot_.world.positions()) {
      for (engine::LaneAdvance& lane : waved_through.lanes) {
        if (lane.lane != row.lane) continue;
        waved_through.epoch = row.epoch;
        lane.expected_commits = row.commits;
        lane.held_version = row.held_version;
      }
    }
    inner_.fence(waved_through);
  }

  void commit() override {
    from_park_ = false;
    inner_.commit();
  }

  std::optional<engine::Answer> receive() override {
    std::optional<engine::Answer> answer = inner_.receive();
    if (!answer || plot_.bug != Bug::turns_queue_round) return answer;
    if (auto* taken = std::get_if<engine::TakeParkedAnswer>(&*answer)) turn_round(*taken);
    return answer;
  }

  void rollback() override {
    from_park_ = false;
    inner_.rollback();
  }

 private:
  static void turn_round(engine::TakeParkedAnswer& answer) {
    auto& parked = answer.parked;
    for (auto begin = parked.begin(); begin != parked.end();) {
      const auto end = std::find_if(
          begin, parked.end(), [&](const auto& each) { return each.key != begin->key; });
      std::reverse(begin, end);
      begin = end;
    }
  }

  engine::Session& inner_;
  Plot& plot_;
  bool from_park_ = false;
  bool forgets_ = false;
};

class BuggyStore final : public engine::Store {
 public:
  BuggyStore(Bug bug, std::unique_ptr<engine::Store> inner, FakeWorld& world)
      : inner_(std::move(inner)), plot_{bug, world} {}

  void reconnect(int sessions) override {
    sessions_.clear();
    inner_->reconnect(sessions);
    for (int i = 0; i < sessions; ++i)
      sessions_.push_back(std::make_unique<BuggySession>(inner_->session(i), plot_));
  }
  engine::Session& session(int index) override {
    return *sessions_.at(static_cast<std::size_t>(index));
  }
  std::int64_t new_epoch() override { return inner_->new_epoch(); }
  std::vector<engine::Position> positions(std::span<const TopicPartition> lanes) override {
    std::vector<engine::Position> found = inner_->positions(lanes);
    if (plot_.bug == Bug::redrives_unseen) hide_held_versions(found);
    return found;
  }
  bool topic_is_known(const std::string& topic) override { return inner_->topic_is_known(topic); }
  void add_positions(std::span<const engine::Position> first) override {
    inner_->add_positions(first);
  }
  std::vector<engine::Position> take_over(std::span<const TopicPartition> lanes,
                                          std::int64_t epoch) override {
    if (plot_.bug == Bug::fences_nobody) plot_.world.database().owners.clear();
    return remember(inner_->take_over(lanes, epoch));
  }
  std::vector<engine::Position> take_back(std::span<const TopicPartition> lanes,
                                          std::int64_t mine,
                                          std::int64_t epoch) override {
    plot_.forgets_next_claims = plot_.bug == Bug::forgets_claims;
    return remember(inner_->take_back(lanes, mine, epoch));
  }
  void give_up(std::span<const TopicPartition> lanes, std::int64_t epoch) override {
    inner_->give_up(lanes, epoch);
  }
  bool mark(std::span<const engine::LaneMark> marks, std::int64_t epoch) override {
    return inner_->mark(marks, epoch);
  }
  std::vector<engine::HeldKeyFound> held(std::span<const TopicPartition> lanes) override {
    std::vector<engine::HeldKeyFound> found = inner_->held(lanes);
    if (plot_.bug == Bug::forgets_held_keys) found.clear();
    if (plot_.bug == Bug::releases_key_too_soon)
      std::erase_if(found, [](const engine::HeldKeyFound& key) { return key.attempts == 0; });
    return found;
  }
  void wait(std::chrono::milliseconds wait_max) override { inner_->wait(wait_max); }
  void wake() override { inner_->wake(); }

 private:
  std::vector<engine::Position> remember(std::vector<engine::Position> taken) {
    for (const engine::Position& each : taken) held_versions_[each.lane] = each.held_version;
    return taken;
  }
  void hide_held_versions(std::vector<engine::Position>& positions) const {
    for (engine::Position& each : positions) {
      const auto known = held_versions_.find(each.lane);
      if (known != held_versions_.end()) each.held_version = known->second;
    }
  }

  std::unique_ptr<engine::Store> inner_;
  Plot plot_;
  std::vector<std::unique_ptr<BuggySession>> sessions_;
  std::map<TopicPartition, std::int64_t> held_versions_;  // as they were taken
};

}  // namespace

std::unique_ptr<engine::Store> plant(Bug bug,
                                     std::unique_ptr<engine::Store> inner,
                                     FakeWorld& world) {
  if (bug == Bug::none) return inner;
  return std::make_unique<BuggyStore>(bug, std::move(inner), world);
}

}  // namespace pawl::test
