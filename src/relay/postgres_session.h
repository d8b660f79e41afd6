// The relay's conversation with PostgreSQL: one pipelined connection.
#pragma once

#include <deque>
#include <string>

#include "pawl/postgres/connection.h"
#include "pawl/relay/outbox_session.h"

namespace pawl::relay {

class PostgresSession final : public OutboxSession {
 public:
  /// Connects to `url`. `relay` names the row of pawl.relay_position; relays of one name take
  /// turns.
  PostgresSession(const std::string& url, std::string relay);

  std::optional<Turn> take_turn(const std::string& owner,
                                std::chrono::milliseconds silence) override;
  void end_turn(std::int64_t epoch,
                const StoredPosition& position,
                const outbox::HeldOutcome& outcome) override;
  void ask_rows(const ReadRequest& request) override;
  void ask_transaction_id() override;
  void ask_to_store(std::int64_t epoch, const StoredPosition& position) override;
  void ask_row_count(outbox::RowNumber after, std::int64_t rows_max) override;
  void ask_to_hold(std::int64_t epoch,
                   std::span<const outbox::RowToHold> rows,
                   std::chrono::milliseconds retry_after) override;
  void ask_held(const outbox::FetchBounds& bounds) override;
  void ask_to_settle(std::int64_t epoch, const outbox::HeldOutcome& outcome) override;
  [[nodiscard]] std::optional<Answer> answer() override;
  [[nodiscard]] int socket() const override { return connection_.socket(); }

 private:
  enum class Question { rows, transaction_id, store, count, hold, held_keys, held_rows, settle };
  struct Asked {
    Question question;
    outbox::FetchBounds bounds;
  };

  void ask(Question question,
           const postgres::Statement& statement,
           const outbox::FetchBounds& bounds = {});
  void encode_position(std::int64_t epoch, const StoredPosition& position);
  static Answer read(const Asked& asked, postgres::Result result);

  std::string relay_;
  postgres::Connection connection_;
  postgres::Parameters parameters_;
  std::deque<Asked> asked_;
};

}  // namespace pawl::relay
