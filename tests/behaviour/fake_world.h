// The world in memory.
#pragma once

#include <cstdint>

#include "behaviour/fake_store.h"
#include "behaviour/world.h"

namespace pawl::test {

class FakeWorld : public World {
 public:
  /// `seed`: of the order in which the server gets to its sessions.
  explicit FakeWorld(std::uint64_t seed);

  std::unique_ptr<engine::Store> make_store() override;
  [[nodiscard]] int patience() const override { return 200; }
  [[nodiscard]] std::string waits() override { return newest_->waits(); }

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

  // ---- for tests of the fake only
  FakeDatabase& database() { return database_; }

 private:
  void change(std::int64_t account, std::int64_t amount);

  FakeDatabase database_;
  std::uint64_t seed_;
  std::uint64_t stores_ = 0;
  FakeStore* newest_ = nullptr;
};

}  // namespace pawl::test
