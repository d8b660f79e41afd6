// Commands of types that no handler knows yet, as in a rolling deploy.
#include <gmock/gmock.h>

#include "behaviour/engine_fixture.h"
#include "pawl/codec/command_encoder.h"

namespace pawl::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

class UnknownTypes : public EngineTest {
 protected:
  void SetUp() override {
    retry_with({.attempts_max = 4, .immediate = 0, .backoff = {1'000s, 10'000s}});
    settings().unknown_type = engine::UnknownType::retry_later;
    moods().old = true;
    start();
    open_accounts(3);
  }
  /// The process that knows transfers.
  void deploy() {
    kill();
    moods().old = false;
    start();
  }
};

TEST_P(UnknownTypes, WaitForTheDeployWithWhatFollowsThem) {
  deliver(transfer(1, 1, 2, 10));
  deliver(open(2, 1));  // a second time: rejected, when it is its turn
  deliver(open(3, 7));
  run();
  EXPECT_EQ(ending(2), std::nullopt);
  EXPECT_EQ(ending(3), Ending::completed);
  ASSERT_THAT(world().held(), SizeIs(1));
  EXPECT_EQ(world().held()[0].key, "1");
  EXPECT_EQ(position(0).parked, 2);
  deploy();
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::rejected);
  EXPECT_EQ(balance(2), 10);
  EXPECT_THAT(world().dead_letters(), IsEmpty());
}

TEST_P(UnknownTypes, AreGivenUpInTheEndAndTheNextOneRuns) {
  deliver(transfer(1, 1, 2, 10));
  deliver(open(2, 1));
  run_through_retries();
  ASSERT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_EQ(world().dead_letters()[0].failure_class, "undecodable");
  EXPECT_EQ(world().dead_letters()[0].code, "unknown_type");
  EXPECT_EQ(world().dead_letters()[0].attempts, 4);
  EXPECT_EQ(position(0).undecodable, 1);
  EXPECT_EQ(ending(2), Ending::rejected);
}

TEST_P(UnknownTypes, WaitBehindWhatIsParkedAlready) {
  for (const int n : {1, 2}) deliver(transfer(n, 1, 2, n));
  run();
  EXPECT_EQ(position(0).parked, 2);
  deploy();
  run_through_retries();
  EXPECT_EQ(ending(1), Ending::completed);
  EXPECT_EQ(ending(2), Ending::completed);
}

// A process of the newer schema would know the field; here none comes.
TEST_P(UnknownTypes, JsonWithUnknownFieldsWaitsToo) {
  const std::string id = this->id(5);
  const codec::CommandHeaders headers{.id = id,
                                      .source = "tests",
                                      .type = "ledger.v1.OpenAccount",
                                      .encoding = codec::Encoding::json};
  topics().append(lane(0),
                  {"7",
                   R"({"account_id": "7", "currency": "EUR", "iban": "DE02"})",
                   codec::command_headers(headers),
                   clock().wall()});
  deliver(open(6, 7));  // behind it
  run();
  EXPECT_THAT(world().held(), SizeIs(1));
  EXPECT_EQ(position(0).parked, 2);
  run_through_retries();
  ASSERT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_EQ(world().dead_letters()[0].code, "unknown_field");
  EXPECT_EQ(ending(6), Ending::completed);
}

TEST_P(UnknownTypes, GarbageDoesNotWait) {
  deliver_garbage("no command");
  run();
  EXPECT_THAT(world().dead_letters(), SizeIs(1));
  EXPECT_THAT(world().held(), IsEmpty());
}

PAWL_ON_ALL_DATABASES(UnknownTypes);

}  // namespace
}  // namespace pawl::test
