// What a process knows of pauses, whatever becomes of the database.
#include "pawl/consumer/pause_reader.h"

#include "integration/run_control/fixture.h"

namespace pawl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PauseReaderTest : public RunControlTest {
 protected:
  void pause(const std::string& type) {
    database_.execute("INSERT INTO pawl.pause (consumer, type, who, reason) VALUES (1, '" + type +
                      "', 'a', '')");
  }
  bool said(const std::string& text) const { return log_text_.find(text) != std::string::npos; }

  SystemClock clock_;
  observe::Metrics metrics_{clock_};
  std::string log_text_;
  observe::Log log_{clock_, {.level = LogLevel::debug, .writer = [this](std::string_view line) {
                               log_text_ += line;
                             }}};
  engine::PauseBoard board_;
  int woken_ = 0;
  PauseReader reader_{{.url = database_.url(), .consumer = "ledger", .command_types = {"known"}},
                      {.board = board_,
                       .on_change = [this] { ++woken_; },
                       .metrics = metrics_,
                       .log = log_,
                       .clock = clock_}};
};

TEST_F(PauseReaderTest, EnginesAreWokenWhenSomethingChangesOnly) {
  reader_.turn();
  EXPECT_EQ(woken_, 1) << "that nothing is paused is news, too";
  reader_.turn();
  EXPECT_EQ(woken_, 1);
  pause("known");
  reader_.turn();
  EXPECT_EQ(woken_, 2);
  EXPECT_THAT(board_.read(), ElementsAre(Pause{.lane = {}, .type = "known"}));
  EXPECT_FALSE(said("there is no handler"));
}

TEST_F(PauseReaderTest, WhatWasReadLastStandsWhileTheDatabaseCannotBeRead) {
  pause("known");
  reader_.turn();
  database_.execute("ALTER TABLE pawl.pause RENAME TO lost");
  reader_.turn();
  EXPECT_THAT(board_.read(), ElementsAre(Pause{.lane = {}, .type = "known"}));
  EXPECT_TRUE(said("what was read last stands"));
  database_.execute("ALTER TABLE pawl.lost RENAME TO pause");
  database_.execute("DELETE FROM pawl.pause");
  reader_.turn();
  EXPECT_THAT(board_.read(), IsEmpty());
  EXPECT_TRUE(said("resumed by an operator"));
}

TEST_F(PauseReaderTest, NothingIsKnownBeforeTheFirstAnswer) {
  database_.execute("ALTER TABLE pawl.pause RENAME TO lost");
  reader_.turn();
  EXPECT_EQ(board_.version(), engine::PauseBoard::kNothingRead);
  EXPECT_EQ(woken_, 0);
}

TEST_F(PauseReaderTest, ATypeWithoutHandlerIsPerhapsASlip) {
  pause("knwon");
  reader_.turn();
  EXPECT_TRUE(said("there is no handler for this type"));
}

TEST_F(PauseReaderTest, AConsumerThatTheDatabaseDoesNotKnowHasNone) {
  pause("known");
  database_.execute("UPDATE pawl.consumer SET name = 'renamed' WHERE id = 1");
  reader_.turn();
  EXPECT_THAT(board_.read(), IsEmpty());
}

}  // namespace
}  // namespace pawl::test
