// The database behind the engine as a test sees it: what is in it, and what others do to it. In
// memory or on PostgreSQL.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "account.h"
#include "behaviour/fake_database.h"
#include "pawl/engine/store.h"

namespace pawl::test {

struct AccountRow {
  ledger::Account account;
  std::int64_t version = 0;
};

struct DeadRow {
  TopicPartition lane;
  std::int64_t offset = 0;
  Uuid message_id;
  std::string type, failure_class, code, text;
  std::optional<std::string> key, payload;
  std::int64_t attempts = 0;
};

struct HeldRow {
  TopicPartition lane;
  std::string key;
  std::int64_t lone_offset = -1;
  std::int64_t attempts = 0;
  std::int64_t started = 0;
  std::vector<Uuid> parked;  // in order
};

class World {
 public:
  virtual ~World() = default;

  /// A worker's store; several may be in use at once.
  virtual std::unique_ptr<engine::Store> make_store() = 0;
  /// One more wait than this without anything moving means that the engine hangs. `store` is one of
  /// make_store().
  [[nodiscard]] virtual int patience() const = 0;
  /// Who waits for whom, for messages.
  [[nodiscard]] virtual std::string waits() { return {}; }

  // ---- what is committed
  virtual std::vector<AccountRow> accounts() = 0;
  virtual std::vector<ledger::Transfer> transfers() = 0;
  virtual std::vector<std::pair<Uuid, InboxRow>> inbox() = 0;
  virtual std::vector<NumberedEvent> outbox() = 0;  // by number; created_at is left out
  virtual std::vector<DeadRow> dead_letters() = 0;
  virtual std::vector<PositionRow> positions() = 0;
  virtual std::vector<HeldRow> held() = 0;

  // ---- what others do
  /// Another program moves money; `to` gets what `from` loses, versions rise. False, and nothing
  /// done, when a row is locked.
  virtual bool foreign_transfer(std::int64_t from, std::int64_t to, std::int64_t amount) = 0;
  virtual void foreign_open(std::int64_t account, std::int64_t limit) = 0;
  /// Another process takes the lane, and does nothing with it. False when its position is locked.
  virtual bool steal(const TopicPartition& lane) = 0;
  /// An operator drops a table by mistake, and brings it back.
  virtual void lose_table(const std::string& table) = 0;
  virtual void bring_back_table(const std::string& table) = 0;
};

[[nodiscard]] std::unique_ptr<World> make_fake_world();
[[nodiscard]] std::unique_ptr<World> make_postgres_world();

}  // namespace pawl::test
