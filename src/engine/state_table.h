// Rows that commands read and change: loaded set-wise, decided on in memory, written back with a
// version check.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "pawl/engine/column.h"
#include "pawl/engine/table.h"

namespace pawl {

namespace engine {

template <auto Member>
struct MemberOf;
template <class R, class K, K R::* Member>
struct MemberOf<Member> {
  using Row = R;
  using Key = K;
};

}  // namespace engine

/// A table of states, keyed by the member given as template argument, which must also be the first
/// column. The database table has a `version bigint` beside the declared columns; every command
/// that changes a row raises it by one.
///
///     pawl::StateTable<&Account::id> accounts{"ledger.account", {{"id", &Account::id}, {"balance",
///     &Account::balance}}};
///
/// Not thread-safe: each engine has its own. At most `rows_max` rows stay in memory, least recently
/// used ones leave first; rows of batches in flight always stay.
template <auto KeyMember>
class StateTable final : public engine::Table {
 public:
  using Row = typename engine::MemberOf<KeyMember>::Row;
  using Key = typename engine::MemberOf<KeyMember>::Key;

  StateTable(std::string name, std::vector<Column<Row>> columns, std::size_t rows_max = 200'000)
      : columns_(std::move(columns)),
        shape_(engine::make_shape(std::move(name), columns_, "version")),
        rows_max_(rows_max) {}

  // ---- for touch functions

  /// The commands of this batch read or change this row: it is loaded with the batch. Absence is
  /// not remembered from one batch to the next: somebody else may have added the row.
  void need(const Key& key) {
    Slot& slot = slots_[key];
    slot.last_user = number_;
    needed_.push_back({key, &slot});
    if (slot.knowledge == Knowledge::asked || slot.exists) return;
    slot.knowledge = Knowledge::asked;
    needs_.push_back(key);
  }

  // ---- for deciders

  /// The row, or null when there is none. Throws std::logic_error for a key that the touch function
  /// did not name.
  [[nodiscard]] const Row* find(const Key& key) {
    Slot& slot = known(key);
    note_read(key, slot);
    return slot.exists ? &slot.row : nullptr;
  }

  /// The row, to be changed in place. Throws std::logic_error when there is none.
  [[nodiscard]] Row& edit(const Key& key) {
    Slot& slot = known(key);
    if (!slot.exists) throw std::logic_error(shape_.name + ": edit() of a row that is absent");
    change(key, slot);
    return slot.row;
  }

  /// Adds a row. Throws std::logic_error when its key is there already.
  void insert(Row row) {
    const Key key = row.*KeyMember;
    Slot& slot = known(key);
    if (slot.exists) throw std::logic_error(shape_.name + ": insert() of a row that exists");
    change(key, slot);
    slot.row = std::move(row);
    slot.exists = true;
  }

  /// The version that the row has, this command's change included; 0 when there is no row.
  [[nodiscard]] std::int64_t version(const Key& key) { return known(key).version; }

  // ---- for tests of deciders, which need no database

  /// Puts a row as if it had been loaded.
  void seed(Row row) {
    const Key key = row.*KeyMember;
    Slot& slot = slots_[key];
    slot.row = std::move(row);
    slot.exists = true;
    slot.knowledge = Knowledge::loaded;
    slot.version = slot.saved_version = 1;
  }
  /// Knows that there is no such row, as if it had been asked for.
  void seed_absent(const Key& key) { slots_[key].knowledge = Knowledge::loaded; }

  // ---- for the engine

  [[nodiscard]] const engine::TableShape& shape() const override { return shape_; }

  void begin_batch(engine::BatchNumber number) override {
    number_ = number;
    needed_.clear();
    first_needed_.clear();
    mine_ = {};
  }
  void begin_touch() override { first_needed_.push_back(needed_.size()); }

  std::optional<engine::TableLoad> take_needs() override {
    if (needs_.empty()) return std::nullopt;
    return engine::TableLoad{&shape_, ColumnArray(key_array(std::exchange(needs_, {})))};
  }

  std::size_t accept(const engine::TableLoad& load, const engine::TableRows& rows) override {
    std::size_t changed_by_others = 0;
    for (std::size_t i = 0; i < rows.versions.size(); ++i) {
      Row row{};
      for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].read(rows.columns[c], i, row);
      Slot& slot = slots_[row.*KeyMember];
      if (slot.knowledge == Knowledge::loaded) continue;  // memory wins
      if (slot.saved_version != 0 && slot.saved_version != rows.versions[i]) ++changed_by_others;
      slot.row = std::move(row);
      slot.exists = true;
      slot.knowledge = Knowledge::loaded;
      slot.version = slot.saved_version = rows.versions[i];
    }
    for (const auto& stored : std::get<std::vector<StoredKey>>(load.keys)) {
      Slot& slot = slots_[static_cast<Key>(stored)];
      if (slot.knowledge == Knowledge::asked) slot.knowledge = Knowledge::loaded;  // absent
    }
    return changed_by_others;
  }

  void begin_command(std::size_t touched) override {
    undo_.clear();
    mine_ = needed_by(touched);
    // The rows of 2,000 commands do not stay in the processor's nearer caches while the database
    // answers.
    constexpr std::size_t kAhead = 4;
    for (const Needed& needed : needed_by(touched + kAhead)) {
      __builtin_prefetch(needed.slot);
      __builtin_prefetch(&needed.slot->row);
    }
  }

  void keep() override {
    for (const Undo& undo : undo_) {
      undo.slot->changed_in_command = false;
      if (undo.slot->written_in_batch) continue;
      undo.slot->written_in_batch = true;
      undo.slot->existed = undo.existed_before;
      written_.push_back(undo.slot);
    }
    undo_.clear();
  }

  void undo() override {
    for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) {
      it->slot->row = std::move(it->row);
      it->slot->version = it->version;
      it->slot->exists = it->existed_before;
      it->slot->changed_in_command = false;
    }
    undo_.clear();
  }

  engine::TableChanges take_changes(engine::BatchNumber number,
                                    engine::BatchNumber oldest_unsettled) override {
    engine::TableChanges changes;
    const std::vector<Slot*> written = std::exchange(written_, {});
    for (Slot* slot : written) {
      const bool unsettled = used_between(slot->last_writer, oldest_unsettled, number) ||
                             used_between(slot->last_reader, oldest_unsettled, number);
      auto& write = !slot->existed ? changes.inserts : unsettled ? changes.later : changes.updates;
      add_write(write, *slot, written.size());
      slot->saved_version = slot->version;
      slot->last_writer = number;
    }
    changes.reads = take_reads(number);
    return changes;
  }

  void settle(engine::BatchNumber number) override {
    if (slots_.size() > rows_max_) evict(number);
  }

  void distrust() override {
    for (const Needed& needed : needed_) {
      needed.slot->knowledge = Knowledge::forgotten;
      needed.slot->exists = false;
    }
  }

  void forget() override {
    slots_.clear();
    needed_.clear();
    first_needed_.clear();
    mine_ = {};
    needs_.clear();
    undo_.clear();
    written_.clear();
    read_.clear();
  }

 private:
  using StoredKey = std::conditional_t<std::is_same_v<Key, bool>, std::uint8_t, Key>;
  enum class Knowledge { forgotten, asked, loaded };

  struct Slot {  // what every look-up reads comes first, beside the key
    Knowledge knowledge = Knowledge::forgotten;
    bool exists = false;
    bool existed = false;  // before this batch wrote it
    bool changed_in_command = false;
    bool written_in_batch = false;
    bool read_in_batch = false;
    engine::BatchNumber last_user = 0;
    std::int64_t version = 0;        // in memory
    std::int64_t saved_version = 0;  // in the database once all earlier batches are committed
    engine::BatchNumber last_writer = 0;
    engine::BatchNumber last_reader =
        0;  // whose fence checks the row, and must not meet a later batch's lock on it
    Row row{};
  };
  struct Undo {
    Slot* slot;
    Row row;
    std::int64_t version;
    bool existed_before;
  };
  struct Needed {
    Key key;
    Slot* slot;
  };
  struct Read {
    Key key;
    Slot* slot;
  };

  static std::vector<StoredKey> key_array(const std::vector<Key>& keys) {
    return {keys.begin(), keys.end()};
  }

  // The command's own needs are few and at hand.
  Slot& known(const Key& key) {
    for (const Needed& needed : mine_) {
      if (needed.key == key && needed.slot->knowledge == Knowledge::loaded) return *needed.slot;
    }
    return look_up(key);
  }

  std::span<const Needed> needed_by(std::size_t touched) const {
    if (touched >= first_needed_.size()) return {};
    const std::size_t begin = first_needed_[touched];
    const std::size_t end =
        touched + 1 < first_needed_.size() ? first_needed_[touched + 1] : needed_.size();
    return std::span(needed_).subspan(begin, end - begin);
  }

  Slot& look_up(const Key& key) {
    const auto at = slots_.find(key);
    // A row that happens to be in memory does not help: next time it may have left, and nothing
    // pins it.
    const bool needed = at != slots_.end() && at->second.last_user == number_;
    if (!needed || at->second.knowledge != Knowledge::loaded) {
      throw std::logic_error(shape_.name +
                             ": a decider used a key that its touch function did not need()");
    }
    return at->second;
  }

  void note_read(const Key& key, Slot& slot) {
    if (slot.read_in_batch) return;
    slot.read_in_batch = true;
    read_.push_back({key, &slot});
  }

  void change(const Key& key, Slot& slot) {
    note_read(key, slot);
    if (slot.changed_in_command) return;
    undo_.push_back({&slot, slot.row, slot.version, slot.exists});
    slot.changed_in_command = true;
    ++slot.version;
  }

  void add_write(std::optional<engine::TableWrite>& write, const Slot& slot, std::size_t rows_max) {
    if (!write) {
      write = engine::TableWrite{&shape_, engine::make_arrays(columns_, rows_max), {}, {}};
    }
    engine::append_row(columns_, write->columns, slot.row);
    write->versions.push_back(slot.version);
    if (slot.existed) write->seen.push_back(slot.saved_version);
  }

  static bool used_between(engine::BatchNumber user,
                           engine::BatchNumber oldest,
                           engine::BatchNumber number) {
    return user >= oldest && user < number;
  }

  std::optional<engine::TableCheck> take_reads(engine::BatchNumber number) {
    std::vector<StoredKey> keys;
    std::vector<std::int64_t> versions;
    for (const Read& read : std::exchange(read_, {})) {
      read.slot->read_in_batch = false;
      if (std::exchange(read.slot->written_in_batch, false))
        continue;  // its write checks the version
      read.slot->last_reader = number;
      keys.push_back(read.key);
      versions.push_back(read.slot->exists ? read.slot->saved_version : engine::kAbsent);
    }
    if (keys.empty()) return std::nullopt;
    return engine::TableCheck{&shape_, std::move(keys), std::move(versions)};
  }

  // Keeps the more recently used three quarters; rows that batches after `settled` use stay in any
  // case.
  void evict(engine::BatchNumber settled) {
    std::vector<engine::BatchNumber> ages;
    ages.reserve(slots_.size());
    for (const auto& [key, slot] : slots_) ages.push_back(slot.last_user);
    const auto quarter =
        ages.begin() + static_cast<std::ptrdiff_t>(ages.size() - rows_max_ * 3 / 4);
    std::nth_element(ages.begin(), quarter, ages.end());
    const engine::BatchNumber oldest_kept = *quarter;
    std::erase_if(slots_, [&](const auto& entry) {
      return entry.second.last_user <= settled && entry.second.last_user < oldest_kept;
    });
  }

  std::vector<Column<Row>> columns_;
  engine::TableShape shape_;
  std::size_t rows_max_;
  engine::BatchNumber number_ = 0;
  std::unordered_map<Key, Slot> slots_;    // addresses of slots are stable
  std::vector<Needed> needed_;             // of this batch, in the order of its touch functions
  std::vector<std::size_t> first_needed_;  // of each touched command
  std::span<const Needed> mine_;           // of the command being decided
  std::vector<Key> needs_;
  std::vector<Undo> undo_;
  std::vector<Slot*> written_;
  std::vector<Read> read_;
};

}  // namespace pawl
