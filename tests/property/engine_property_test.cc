// Whatever happens to the engine, in whatever order, it keeps what Pawl promises; and whoever
// breaks a promise is found out.
//
// Every run prints its seed. To repeat it: RC_PARAMS="seed=N", or the `reproduce=…` that a failure
// prints, which runs that case and shrinks it as before. PAWL_PROPERTY_CASES says how many cases.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "property/any_case.h"
#include "property/fake_case_world.h"

namespace pawl::test {
namespace {

constexpr int kOperationsMax = 60;  // of a case

int cases() {
  const char* chosen = std::getenv("PAWL_PROPERTY_CASES");
  return chosen == nullptr ? PAWL_PROPERTY_CASES : std::stoi(chosen);
}

/// How much the cases so far have met with: a run in which nothing happens proves nothing.
struct Reached {
  std::int64_t completed = 0, duplicate = 0, rejected = 0, exhausted = 0, undecodable = 0;
  std::int64_t redriven = 0, takings = 0;

  void add(World& world) {
    std::int64_t epoch = 0;
    for (const PositionRow& row : world.positions()) {
      completed += row.completed;
      duplicate += row.duplicate;
      rejected += row.rejected;
      exhausted += row.exhausted;
      undecodable += row.undecodable;
      redriven += row.redriven_exhausted + row.redriven_undecodable;
      epoch = std::max(epoch, row.epoch);
    }
    takings += epoch;
  }
  [[nodiscard]] std::vector<std::int64_t> all() const {
    return {completed, duplicate, rejected, exhausted, undecodable, redriven, takings};
  }
};

std::ostream& operator<<(std::ostream& out, const Reached& reached) {
  return out << "completed " << reached.completed << ", duplicate " << reached.duplicate
             << ", rejected " << reached.rejected << ", exhausted " << reached.exhausted
             << ", undecodable " << reached.undecodable << ", redriven " << reached.redriven
             << ", takings of lanes " << reached.takings;
}

/// What rapidcheck finds, and the last case that failed: the shrunk one.
struct Found {
  rc::detail::TestResult result;
  std::optional<Case> shrunk{};
  Reached reached{};

  [[nodiscard]] std::string text() const {
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    return text.str();
  }
};

/// Says nothing, unlike rapidcheck's own, which tells how to reproduce a failure.
class Silence final : public rc::detail::TestListenerAdapter {};

Found look_for(Bug bug, const std::string& name, int cases) {
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSuccess = cases;
  params.maxSize = kOperationsMax;
  std::cerr << cases << " cases, seed " << params.seed << '\n';
  std::optional<Case> failed;
  Reached reached;
  const auto property = [&] {
    const Case tried = *any_case();
    FakeCaseWorld world(tried.seed, bug);
    const std::string broken = CaseRun(tried, world).broken_promise();
    reached.add(world.world());
    if (broken.empty()) return;
    failed = tried;
    RC_FAIL(broken);
  };
  const rc::detail::TestMetadata metadata{.id = name, .description = name};
  Silence silence;
  auto result = bug == Bug::none
                    ? rc::detail::checkTestable(property, metadata, params)
                    : rc::detail::checkProperty(
                          rc::detail::toProperty(property), metadata, params, silence, {});
  return {std::move(result), std::move(failed), reached};
}

TEST(EngineProperty, PromisesAreKept) {
  const Found found = look_for(Bug::none, "EngineProperty/PromisesAreKept", cases());
  EXPECT_TRUE(found.result.is<rc::detail::SuccessResult>()) << found.text();
  std::cerr << found.reached << '\n';
  for (const std::int64_t times : found.reached.all()) EXPECT_GE(times, cases() / 20);
}

// Otherwise a seed says nothing.
TEST(EngineProperty, ACaseRunsTheSameEachTime) {
  const auto outbox = [](const Case& tried) {
    FakeCaseWorld world(tried.seed);
    EXPECT_EQ(CaseRun(tried, world).broken_promise(), "");
    std::vector<std::tuple<std::int64_t, std::int64_t, Uuid, std::string>> rows;
    for (const NumberedEvent& each : world.world().outbox())
      rows.emplace_back(each.batch, each.index, each.row.id, each.row.payload.value_or(""));
    return rows;
  };
  rc::detail::TestParams params = rc::detail::configuration().testParams;
  params.maxSize = kOperationsMax;
  const auto property = [&] {
    const Case tried = *any_case();
    RC_ASSERT(outbox(tried) == outbox(tried));
  };
  const rc::detail::TestMetadata metadata{.id = "EngineProperty/ACaseRunsTheSameEachTime"};
  const auto result = rc::detail::checkTestable(property, metadata, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  EXPECT_TRUE(result.is<rc::detail::SuccessResult>()) << text.str();
}

struct Planted {
  Bug bug;
  std::string name;
};
std::ostream& operator<<(std::ostream& out, const Planted& planted) {
  return out << planted.name;
}

class PlantedBug : public testing::TestWithParam<Planted> {};

TEST_P(PlantedBug, IsFoundAndShrunk) {
  constexpr int kCasesMax = 2'000;
  constexpr std::size_t kShrunkMax = 8;
  const Found found = look_for(GetParam().bug, "PlantedBug/" + GetParam().name, kCasesMax);
  ASSERT_TRUE(found.result.is<rc::detail::FailureResult>()) << found.text();
  EXPECT_LE(found.shrunk->operations.size(), kShrunkMax) << found.text();
}

INSTANTIATE_TEST_SUITE_P(OfAStore,
                         PlantedBug,
                         testing::Values(Planted{Bug::forgets_claims, "ForgetsClaims"},
                                         Planted{Bug::drops_last_event, "DropsLastEvent"},
                                         Planted{Bug::loses_effects, "LosesEffects"},
                                         Planted{Bug::releases_key_too_soon, "ReleasesKeyTooSoon"},
                                         Planted{Bug::forgets_held_keys, "ForgetsHeldKeys"},
                                         Planted{Bug::fences_nobody, "FencesNobody"},
                                         Planted{Bug::turns_queue_round, "TurnsQueueRound"},
                                         Planted{Bug::redrives_unseen, "RedrivesUnseen"}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace pawl::test
