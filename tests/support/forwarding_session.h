// A session that hands everything on, for those that change one thing.
#pragma once

#include <memory>
#include <utility>

#include "pawl/relay/outbox_session.h"

namespace pawl::test {

class ForwardingSession : public relay::OutboxSession {
 public:
  explicit ForwardingSession(std::unique_ptr<relay::OutboxSession> session)
      : session_(std::move(session)) {}

  std::optional<relay::Turn> take_turn(const std::string& owner,
                                       std::chrono::milliseconds silence) override {
    return session_->take_turn(owner, silence);
  }
  void end_turn(std::int64_t epoch,
                const relay::StoredPosition& position,
                const outbox::HeldOutcome& outcome) override {
    session_->end_turn(epoch, position, outcome);
  }
  void ask_rows(const relay::ReadRequest& request) override { session_->ask_rows(request); }
  void ask_transaction_id() override { session_->ask_transaction_id(); }
  void ask_to_store(std::int64_t epoch, const relay::StoredPosition& position) override {
    session_->ask_to_store(epoch, position);
  }
  void ask_row_count(outbox::RowNumber after, std::int64_t rows_max) override {
    session_->ask_row_count(after, rows_max);
  }
  void ask_to_hold(std::int64_t epoch,
                   std::span<const outbox::RowToHold> rows,
                   std::chrono::milliseconds retry_after) override {
    session_->ask_to_hold(epoch, rows, retry_after);
  }
  void ask_held(const outbox::FetchBounds& bounds) override { session_->ask_held(bounds); }
  void ask_to_settle(std::int64_t epoch, const outbox::HeldOutcome& outcome) override {
    session_->ask_to_settle(epoch, outcome);
  }
  std::optional<relay::Answer> answer() override { return session_->answer(); }
  [[nodiscard]] int socket() const override { return session_->socket(); }

 private:
  std::unique_ptr<relay::OutboxSession> session_;
};

}  // namespace pawl::test
