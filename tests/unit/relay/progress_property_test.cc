// Progress against a simulated database: engines draw numbers, commit in an order of their own,
// roll back; the relay reads cut snapshots, dates holes, is acknowledged late, and crashes.
// Whatever happens, no committed row is lost and each engine's rows come in order. The same
// simulation must catch two planted bugs.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "pawl/relay/progress.h"

namespace pawl::relay {
namespace {

using outbox::RowNumber;

enum class Rule { ours, dead_by_xmax, only_later };

class ReadingSimulation {
 public:
  ReadingSimulation(std::uint32_t seed, Rule rule) : random_(seed), rule_(rule) {}

  /// Empty: all is well.
  std::string run(int steps) {
    for (int i = 0; i < steps && problem_.empty(); ++i) step();
    while (!writers_.empty() && problem_.empty()) end_oldest(writers_.begin()->second.engine, true);
    for (int i = 0; i < 100 && problem_.empty(); ++i) {
      draw_id();
      read(chance(2) ? 100 : 3);
      release(1000);
    }
    if (problem_.empty() && released_ != committed_)
      problem_ = "committed rows were never published";
    return problem_;
  }

 private:
  struct Writer {
    std::int64_t transaction;
    int engine;
    int rows;
  };

  void step() {
    switch (pick(9)) {
      case 0:
      case 1:
        begin();
        break;
      case 2:
      case 3:
        end_oldest(pick(kEngines), !chance(5));
        break;
      case 4:
      case 5:
        read(1 + pick(6));
        break;
      case 6:
        draw_id();
        break;
      case 7:
        release(pick(8));
        break;
      case 8:
        if (chance(4)) crash();
        break;
    }
  }

  void begin() {
    const int engine = pick(kEngines);
    const auto mine =
        std::ranges::count_if(writers_, [&](const auto& w) { return w.second.engine == engine; });
    if (mine >= 2) return;
    writers_[next_batch_++] = {next_transaction_++, engine, pick(4)};
  }

  // An engine's batches commit in order; the first one's end comes first.
  void end_oldest(int engine, bool commit) {
    const auto it =
        std::ranges::find_if(writers_, [&](const auto& w) { return w.second.engine == engine; });
    if (it == writers_.end()) return;
    latest_ended_ = std::max(latest_ended_, it->second.transaction);
    if (commit) {
      for (int index = 0; index < it->second.rows; ++index) {
        committed_.insert({it->first, index});
        engine_of_[it->first] = engine;
      }
    }
    writers_.erase(it);
  }

  void draw_id() {
    progress_.holes().begin_dating();
    const std::int64_t id = next_transaction_++;
    latest_ended_ = id;
    progress_.holes().date(id);
  }

  [[nodiscard]] std::int64_t horizon() const {
    if (rule_ == Rule::dead_by_xmax) return latest_ended_ + 1;
    if (rule_ == Rule::only_later) return std::numeric_limits<std::int64_t>::max();
    std::int64_t lowest = next_transaction_;
    for (const auto& [batch, writer] : writers_) lowest = std::min(lowest, writer.transaction);
    return lowest;
  }

  void read(std::size_t rows_max) {
    std::vector<RowNumber> rows;
    if (rule_ != Rule::only_later) {
      for (const auto& hole : progress_.open_holes()) {
        for (const auto& row : committed_) {
          if (row.batch == hole.batch && row.index > hole.after_index) rows.push_back(row);
        }
      }
    }
    for (const auto& row : committed_) {
      if (row > progress_.cursor()) rows.push_back(row);
    }
    const bool complete = rows.size() < rows_max;
    if (!complete) rows.resize(rows_max);
    const std::size_t accepted = progress_.accept(rows, horizon(), complete);
    for (std::size_t i = 0; i < accepted; ++i) publish(rows[i]);
  }

  void publish(const RowNumber& row) {
    outstanding_.push_back(row);
    if (!published_.insert(row).second) return;  // a repeat after a crash
    RowNumber& last = last_of_engine_[engine_of_[row.batch]];
    if (row < last) problem_ = "rows of one engine were first published out of order";
    last = row;
  }

  void release(int rows_max) {
    for (int i = 0; i < rows_max && !outstanding_.empty(); ++i) {
      released_.insert(outstanding_.front());
      progress_.released(outstanding_.front());
      outstanding_.erase(outstanding_.begin());
    }
  }

  void crash() {
    const StoredPosition stored = progress_.position();
    for (const auto& row : committed_) {
      const bool passed = row.batch <= stored.batch &&
                          std::ranges::find(stored.holes, row.batch) == stored.holes.end();
      if (passed && !released_.contains(row))
        problem_ = "the stored position passes a row that was not acknowledged";
    }
    progress_ = Progress{stored, kHolesBound};
    outstanding_.clear();
  }

  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool chance(int one_in) { return pick(one_in) == 0; }

  static constexpr int kEngines = 3;
  static constexpr std::size_t kHolesBound = 4;
  std::mt19937 random_;
  Rule rule_;
  std::string problem_;

  std::int64_t next_transaction_ = 100, latest_ended_ = 99, next_batch_ = 1;
  std::map<std::int64_t, Writer> writers_;  // by batch number: open transactions
  std::map<std::int64_t, int> engine_of_;
  std::set<RowNumber> committed_, published_, released_;
  std::vector<RowNumber> outstanding_;
  std::map<int, RowNumber> last_of_engine_;
  Progress progress_{StoredPosition{}, kHolesBound};
};

constexpr int kSteps = 150;

TEST(ProgressPropertyTest, LosesNothingAndKeepsEachEnginesOrder) {
  EXPECT_TRUE(rc::check("no row lost, order kept", [](std::uint32_t seed) {
    RC_ASSERT(ReadingSimulation(seed, Rule::ours).run(kSteps) == "");
  }));
}

bool is_caught(Rule bug) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    if (!ReadingSimulation(seed, bug).run(kSteps).empty()) return true;
  }
  return false;
}

TEST(ProgressPropertyTest, CatchesAHoleDeclaredDeadByXmax) {
  EXPECT_TRUE(is_caught(Rule::dead_by_xmax));
}

TEST(ProgressPropertyTest, CatchesARelayThatOnlyReadsOn) {
  EXPECT_TRUE(is_caught(Rule::only_later));
}

}  // namespace
}  // namespace pawl::relay
