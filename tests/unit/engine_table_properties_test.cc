// A state table against a plain map: whatever commands do, in whatever batches, two of them in
// flight, the database ends with the same rows, and no version check fails that should not.
#include <rapidcheck/gtest.h>

#include "engine_fixture.h"

namespace pawl::engine {
namespace {

struct Step {
  std::int64_t key = 0;
  std::int64_t amount = 0;
  bool kept = true;
  bool ends_batch = false;
};

}  // namespace
}  // namespace pawl::engine

template <>
struct rc::Arbitrary<pawl::engine::Step> {
  static rc::Gen<pawl::engine::Step> arbitrary() {
    using pawl::engine::Step;
    return rc::gen::build<Step>(rc::gen::set(&Step::key, rc::gen::inRange<std::int64_t>(0, 12)),
                                rc::gen::set(&Step::amount, rc::gen::inRange<std::int64_t>(-5, 6)),
                                rc::gen::set(&Step::kept),
                                rc::gen::set(&Step::ends_batch));
  }
};

namespace pawl::engine {
namespace {

// What PostgreSQL would do with a batch's changes.
class Rows {
 public:
  [[nodiscard]] std::vector<StoredCounter> find(const Ids& keys) const {
    std::vector<StoredCounter> found;
    for (const std::int64_t key : keys) {
      const auto at = rows_.find(key);
      if (at != rows_.end()) found.push_back({key, at->second.first, at->second.second});
    }
    return found;
  }
  void write(const std::optional<TableWrite>& write) {
    for (std::size_t i = 0; write && i < write->rows(); ++i) {
      const std::int64_t key = keys_of(write)[i];
      const bool present = rows_.contains(key);
      RC_ASSERT((write->seen.empty() ? !present : present && rows_[key].second == write->seen[i]));
      rows_[key] = {values_of(write)[i], write->versions[i]};
    }
  }
  void check(const TableChanges& changes) const {
    for (const auto& [key, version] : reads_of(changes)) {
      const auto at = rows_.find(key);
      RC_ASSERT((at == rows_.end() ? kAbsent : at->second.second) == version);
    }
  }
  [[nodiscard]] std::map<std::int64_t, std::int64_t> values() const {
    std::map<std::int64_t, std::int64_t> values;
    for (const auto& [key, row] : rows_) values[key] = row.first;
    return values;
  }

 private:
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> rows_;
};

void change(Counters& counters, const Step& step) {
  counters.begin_command(0);
  if (counters.find(step.key)) {
    counters.edit(step.key).value += step.amount;
  } else {
    counters.insert({step.key, step.amount});
  }
  step.kept ? counters.keep() : counters.undo();
}

RC_GTEST_PROP(StateTableProperties,
              BatchesInFlightEndLikeCommandsOneByOne,
              (std::vector<Step> steps, bool overlap)) {
  Counters counters = make_counters(6);
  Rows rows;
  std::map<std::int64_t, std::int64_t> model;
  std::optional<TableChanges> in_flight;
  BatchNumber number = 0;
  const auto commit = [&](const TableChanges& changes, BatchNumber which) {
    rows.write(changes.inserts);
    rows.write(changes.updates);
    rows.write(changes.later);
    rows.check(changes);
    counters.settle(which);
  };
  for (auto at = steps.begin(); at != steps.end();) {
    const auto end =
        std::find_if(at, steps.end(), [](const Step& step) { return step.ends_batch; });
    const auto stop = end == steps.end() ? end : end + 1;
    counters.begin_batch(++number);
    for (auto each = at; each != stop; ++each) counters.need(each->key);
    if (const auto load = counters.take_needs()) {
      counters.accept(*load, engine::rows(rows.find(ids_of(load->keys))));
    }
    for (; at != stop; ++at) {
      change(counters, *at);
      if (at->kept) model[at->key] += at->amount;
    }
    TableChanges changes = counters.take_changes(number, in_flight ? number - 1 : number);
    if (in_flight) commit(*std::exchange(in_flight, std::nullopt), number - 1);
    if (overlap) {
      in_flight = std::move(changes);
    } else {
      commit(changes, number);
    }
  }
  if (in_flight) commit(*in_flight, number);
  RC_ASSERT(rows.values() == model);
}

}  // namespace
}  // namespace pawl::engine
