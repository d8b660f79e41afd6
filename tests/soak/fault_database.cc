// Backends that are ended, rows that somebody else holds, changes or refuses.
#include <fmt/format.h>

#include <utility>

#include "crash/foreign_writer.h"
#include "pawl/core/failure.h"
#include "soak/fault_kinds.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kHotAccounts = 10;  // as the load has it

constexpr const char* kTerminateOne = R"(
SELECT count(pg_terminate_backend(pid)) FROM (
  SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pawl%' ORDER BY random() LIMIT 1) victim)";

// See Stage: a trigger looks here.
constexpr const char* kRefuse = "INSERT INTO soak.refusal VALUES (true)";
constexpr const char* kRefuseNoMore = "DELETE FROM soak.refusal";

/// A transaction of somebody else's. Its connection may be lost at any time: then nothing is held.
class Stranger {
 public:
  explicit Stranger(Stage& stage) : stage_(stage) {}

  void hold(std::int64_t first, std::int64_t count) {
    attempt([&] {
      connection_ = std::make_unique<postgres::Connection>(
          postgres::ConnectionSettings{.url = stage_.database().url(),
                                       .application_name = "stranger",
                                       .session = {{"lock_timeout", "5s"}}});
      connection_->execute({"", "BEGIN"});
      connection_->execute(
          {"",
           fmt::format("SELECT FROM ledger.account WHERE account_id BETWEEN {} AND {} "
                       "ORDER BY account_id FOR UPDATE",
                       first,
                       first + count - 1)});
    });
  }
  void let_go() { connection_.reset(); }

 private:
  template <class Work>
  static void attempt(Work work) {
    try {
      work();
    } catch (const Failure& failure) {
      if (failure.remedy() == Remedy::give_up) throw;
    }
  }

  Stage& stage_;
  std::unique_ptr<postgres::Connection> connection_;
};

}  // namespace

Fault terminate_backends(Draw& draw) {
  Stage& stage = draw.stage;
  return {.name = {},
          .what = "backends terminated",
          .target = "database",
          .lasts = draw.between(0ms, 2'000ms),
          .begin = [&stage] { static_cast<void>(stage.database().number(kTerminateOne)); },
          .during = [&stage] { static_cast<void>(stage.database().number(kTerminateOne)); },
          .end = [] {}};
}

Fault hold_hot_rows(Draw& draw) {
  const auto stranger = std::make_shared<Stranger>(draw.stage);
  const std::int64_t count = 1 + draw.below(3);
  const std::int64_t first = 1 + draw.below(kHotAccounts - count);
  return {.name = {},
          .what = fmt::format("a stranger holds {} hot rows", count),
          .target = "database",
          .lasts = draw.between(100ms, 5'000ms),
          .begin = [stranger, first, count] { stranger->hold(first, count); },
          .end = [stranger] { stranger->let_go(); }};
}

Fault write_as_a_stranger(Draw& draw) {
  Stage& stage = draw.stage;
  std::int64_t debit = 1 + draw.below(kHotAccounts - 1);
  std::int64_t credit = debit + 1;
  if (draw.below(2) == 0) std::swap(debit, credit);  // against the workers' order: deadlocks
  const auto move = [&stage, debit, credit] {
    static_cast<void>(test::move_a_cent(stage.database(), debit, credit));
  };
  return {.name = {},
          .what = "a stranger books on hot accounts",
          .target = "database",
          .lasts = draw.between(500ms, 3'000ms),
          .begin = move,
          .during = move,
          .end = [] {}};
}

Fault refuse_rows(Draw& draw) {
  Stage& stage = draw.stage;
  return {.name = {},
          .what = "the database refuses some transfers",
          .target = "database",
          .lasts = draw.between(300ms, 3'000ms),
          .begin = [&stage] { stage.database().execute(kRefuse); },
          .end = [&stage] { stage.database().execute(kRefuseNoMore); }};
}

}  // namespace pawl::soak
