// One batch's transaction on one pipelined connection: turns the engine's requests into statements
// and their results into answers. Row counts are checked here; what they mean is the engine's
// business.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "pawl/engine/store.h"
#include "pawl/engine/table_statements.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/handler_transaction.h"

namespace pawl::engine {

/// The statements of all declared tables; shared by an engine's sessions.
class StatementBook {
 public:
  const TableStatements& of(const TableShape& shape) {
    auto& entry = statements_[&shape];
    if (!entry) entry = std::make_unique<TableStatements>(shape);
    return *entry;
  }

 private:
  std::map<const TableShape*, std::unique_ptr<TableStatements>> statements_;
};

class PostgresSession final : public Session {
 public:
  PostgresSession(const postgres::ConnectionSettings& settings,
                  std::int16_t consumer,
                  StatementBook& book)
      : connection_(settings), consumer_(consumer), book_(book) {}

  void take_parked(const TakeParkedRequest& request) override;
  void claim(const ClaimRequest& request) override;
  void load(const LoadRequest& request) override;
  void save(const SaveRequest& request) override;
  void fence(const FenceRequest& request) override;
  void commit() override;
  std::optional<Answer> receive() override;
  postgres::HandlerTransaction& handlers() override;
  void rollback() override;

  [[nodiscard]] postgres::Connection& connection() { return connection_; }

 private:
  // What a statement's result adds to the answer of its request.
  using OnResult = std::function<void(const postgres::Result&, Answer&)>;
  struct Request {
    Answer answer;
    std::deque<OnResult> results;      // still to come
    std::optional<Failure> failure{};  // the first; the statements behind it did not run
  };

  void send(const postgres::Statement& statement, OnResult on_result);
  void finish_request();
  static void fail(Request& request, const Failure& failure);
  void send_loads(const std::vector<TableLoad>& loads, bool lock);
  void send_writes(const std::vector<TableWrite>& writes);
  void send_lanes(const FenceRequest& request);
  void send_parking(const ParkingChanges& changes);
  void send_dead_letters(const std::vector<DeadLetter>& letters);

  postgres::Connection connection_;
  std::optional<postgres::HandlerTransaction> handlers_;  // made when a handler first comes
  std::int16_t consumer_;
  StatementBook& book_;
  postgres::Parameters parameters_;  // of the next statement
  Request building_;
  std::deque<Request> requests_;  // sent, not answered
};

}  // namespace pawl::engine
