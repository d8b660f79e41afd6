// The same cases on PostgreSQL, with its redrive and with a rotation of the inbox in each. A few of
// them, and not shrunk: the server's chance is not ours. What fails here may be tried in memory.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <iostream>
#include <set>
#include <sstream>

#include "behaviour/postgres_world.h"
#include "pawl/dead_letters/redrive.h"
#include "pawl/rotation/rotate.h"
#include "property/any_case.h"
#include "property/case_run.h"

namespace pawl::test {
namespace {

using namespace std::chrono_literals;

constexpr int kCases = PAWL_PROPERTY_CASES;
constexpr int kOperationsMax = 25;

class PostgresCaseWorld final : public CaseWorld {
 public:
  PostgresCaseWorld() {
    // The engine makes no step while we wait.
    operator_.execute({"", "SET lock_timeout = '50ms'"});
  }

  World& world() override { return world_; }

  void at_one_moment(const std::function<void()>& read) override {
    world_.database().execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    read();
    world_.database().execute("COMMIT");
  }

  std::vector<Place> redrive(int letters_max) override {
    const postgres::Result consumer =
        operator_.execute({"", "SELECT id FROM pawl.consumer WHERE name = 'ledger'"});
    if (consumer.rows() == 0) return {};
    const auto id = static_cast<std::int16_t>(consumer.integer(0, 0));
    try {
      dead_letters::redrive_some(
          operator_, {{.consumer = id}, "test", "by the test", 5}, letters_max);
    } catch (const Failure&) {  // the engine was in the way
      return {};
    }
    return newly_redriven();
  }

  void pass(std::chrono::milliseconds time) override {
    postgres::Parameters parameters;
    parameters.add(static_cast<std::int64_t>(time.count()));
    try {
      operator_.execute({"",
                         "UPDATE pawl.held_key SET due_at = due_at - $1 * interval '1 ms', "
                         "first_failed_at = first_failed_at - $1 * interval '1 ms'"},
                        parameters);
    } catch (const Failure&) {  // another time
    }
    if (time < 1h || rotated_) return;
    rotated_ =
        rotation::rotate(operator_, rotation::Table::inbox, 0ms, 50ms) == rotation::Result::rotated;
  }

  [[nodiscard]] bool rotated() const { return rotated_; }

 private:
  std::vector<Place> newly_redriven() {
    const postgres::Result rows = operator_.execute(
        {"",
         "SELECT id, topic, partition, record_offset FROM pawl.dead_letter WHERE state = "
         "'redriven'"});
    std::vector<Place> places;
    for (int row = 0; row < rows.rows(); ++row) {
      if (!redriven_.insert(rows.uuid(row, 0)).second) continue;
      const TopicPartition lane{std::string(rows.text(row, 1)),
                                static_cast<std::int32_t>(rows.integer(row, 2))};
      places.emplace_back(lane, rows.integer(row, 3));
    }
    return places;
  }

  PostgresWorld world_{PostgresWorld::Use::shared_database};
  postgres::Connection operator_ = world_.database().connect("operator");
  std::set<Uuid> redriven_;
  bool rotated_ = false;
};

TEST(EnginePropertyOnPostgres, PromisesAreKept) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = kCases;
  params.maxSize = kOperationsMax;
  params.disableShrinking = true;
  int rotations = 0;
  const auto property = [&] {
    const Case tried = *any_case();
    PostgresCaseWorld world;
    const std::string broken = CaseRun(tried, world).broken_promise();
    rotations += world.rotated() ? 1 : 0;
    if (!broken.empty()) RC_FAIL(broken);
  };
  const rc::detail::TestMetadata metadata{.id = "EnginePropertyOnPostgres/PromisesAreKept"};
  const auto result = rc::detail::checkTestable(property, metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  EXPECT_TRUE(result.is<rc::detail::SuccessResult>()) << text.str();
  std::cerr << kCases << " cases, seed " << params.seed << ", " << rotations << " rotations\n";
}

}  // namespace
}  // namespace pawl::test
