// One transaction on the fake database. Statements run one at a time when the server gets to them
// (FakeStore::wait), not when they are sent, so that the transactions of two batches interleave as
// they do on a real server.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "behaviour/fake_database.h"

namespace pawl::test {

class FakeSession final : public engine::Session {
 public:
  /// `lock_turns_max`: see FakeDatabase.
  FakeSession(FakeDatabase& database, int lock_turns_max)
      : database_(database), lock_turns_max_(lock_turns_max) {}
  ~FakeSession() override { end(); }
  FakeSession(const FakeSession&) = delete;
  FakeSession& operator=(const FakeSession&) = delete;

  void take_parked(const engine::TakeParkedRequest& request) override;
  void claim(const engine::ClaimRequest& request) override;
  void save(const engine::SaveRequest& request) override;
  void fence(const engine::FenceRequest& request) override;
  void commit() override;
  std::optional<engine::Answer> receive() override;
  void rollback() override;

  /// Runs the next statement, unless a lock is in its way. Whether it ran.
  bool work();
  /// pg_terminate_backend
  void terminate();
  /// What this session waits for, for messages.
  [[nodiscard]] std::string waits_for() const { return waits_for_; }

 private:
  // A statement: false when a lock is in its way; throws Failure as the server would answer.
  using Statement = std::function<bool(engine::Answer&)>;
  struct Request {
    engine::Answer answer;
    std::deque<Statement> statements;
  };
  // What this transaction has changed.
  struct Changes {
    std::map<Uuid, std::optional<InboxRow>> inbox;  // empty: deleted again
    std::map<std::string, std::map<Cell, StateRow>> states;
    std::map<std::string, std::vector<Cells>> journals;
    std::vector<NumberedEvent> outbox;
    std::vector<engine::DeadLetter> dead_letters;
    std::vector<engine::LaneAdvance> lanes;
    engine::ParkingChanges parking;
  };

  void send(Request request);
  bool locked(const std::string& table, const Cell& key, bool for_write);
  void look_up(const std::vector<inbox::Claim>& claims, engine::Answer& answer);
  bool claim_ids(const std::vector<inbox::Claim>& claims, engine::Answer& answer);
  bool load(const engine::TableLoad& load, bool lock, engine::Answer& answer);
  bool unclaim(const std::vector<Uuid>& ids);
  bool mark_endings(const std::vector<inbox::Ended>& endings);
  bool write(const engine::TableWrite& write, engine::Answer& answer);
  bool append(const engine::TableWrite& write);
  bool store_row(const engine::TableWrite& write, std::size_t row);
  bool add_events(std::int64_t batch, const std::vector<OutboxRow>& events);
  bool advance(const engine::FenceRequest& request, engine::Answer& answer);
  bool change_parking(const engine::ParkingChanges& changes, engine::Answer& answer);
  bool check(const engine::TableCheck& check, engine::Answer& answer);
  void give_up_waiting();
  void apply();
  void end();
  [[nodiscard]] std::optional<StateRow> find(const std::string& table, const Cell& key) const;
  void expect_table(const std::string& table) const;
  void expect_valid(const std::string& table, const Cells& cells) const;

  FakeDatabase& database_;
  int lock_turns_max_;
  int lock_turns_ = 0;
  std::deque<Request> requests_;
  std::deque<engine::Answer> answers_;
  Changes changes_;
  std::optional<std::int64_t> drawn_;  // the outbox number of this transaction
  bool aborted_ = false;
  bool terminated_ = false;
  bool loss_told_ = false;
  std::string waits_for_;
};

}  // namespace pawl::test
