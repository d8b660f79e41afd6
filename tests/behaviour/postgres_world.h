// The world on a real PostgreSQL: one database for all tests, emptied before each; or one of the
// test's own.
#pragma once

#include "behaviour/world.h"
#include "support/database.h"

namespace pawl::test {

class PostgresWorld final : public World {
 public:
  enum class Use { shared_database, own_database };
  explicit PostgresWorld(Use use);

  std::unique_ptr<engine::Store> make_store() override;
  [[nodiscard]] int patience() const override { return 20; }

  std::vector<AccountRow> accounts() override;
  std::vector<ledger::Transfer> transfers() override;
  std::vector<std::pair<Uuid, InboxRow>> inbox() override;
  std::vector<NumberedEvent> outbox() override;
  std::vector<DeadRow> dead_letters() override;
  std::vector<PositionRow> positions() override;
  std::vector<HeldRow> held() override;

  bool foreign_transfer(std::int64_t from, std::int64_t to, std::int64_t amount) override;
  void foreign_open(std::int64_t account, std::int64_t limit) override;
  bool steal(const TopicPartition& lane) override;
  void lose_table(const std::string& table) override;
  void bring_back_table(const std::string& table) override;

  // ---- for tests of the real store only
  Database& database() { return database_; }
  /// Ends the server processes of the engine's connections; returns how many there were.
  int terminate_engine();
  /// The inbox goes on in its next generation, as a due rotation would do.
  void rotate_inbox();

 private:
  std::shared_ptr<Database> kept_;
  Database& database_;
};

}  // namespace pawl::test
