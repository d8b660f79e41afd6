#include "bench/floor/memory_store.h"

#include <stdexcept>
#include <utility>

namespace pawl::bench {
namespace {

using engine::Answer;

OutboxRows copy_of(const OutboxRows& rows) {
  OutboxRows copy;
  copy.reserve(rows.size());
  for (const OutboxRow& row : rows) copy.add(row);
  return copy;
}

// By name, so that a new member does not compile until somebody has thought of it here.
engine::SaveRequest copy_of(const engine::SaveRequest& request) {
  const auto& [outbox_batch, began_at, unclaim, endings, writes, events, dead_letters] = request;
  return {outbox_batch, began_at, unclaim, endings, writes, copy_of(events), dead_letters};
}

std::int64_t key_of(const ColumnArray& keys, std::size_t row) {
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&keys);
  if (numbers == nullptr) throw std::logic_error("a recording knows tables with bigint keys only");
  return (*numbers)[row];
}

}  // namespace

class MemorySession final : public engine::Session {
 public:
  explicit MemorySession(MemoryStore& store) : store_(store) {}

  void take_parked(const engine::TakeParkedRequest&) override {
    throw std::logic_error("a recorded command was parked");
  }
  void claim(const engine::ClaimRequest& request) override {
    batch_.claim = request;
    ask([this] { return Answer{store_.claim(batch_.claim)}; });
    asked_.back().claims = true;
  }
  void save(const engine::SaveRequest& request) override {
    if (!request.unclaim.empty()) throw std::logic_error("a recorded command failed");
    batch_.save = copy_of(request);
    ask([this] {
      store_.write(batch_.save.writes);
      return Answer{engine::SaveAnswer{}};
    });
  }
  void fence(const engine::FenceRequest& request) override {
    batch_.fence = request;
    ask([this] {
      store_.write(batch_.fence.writes);
      return Answer{engine::FenceAnswer{}};
    });
  }
  void commit() override {
    ask([this] {
      store_.recorded_.push_back(std::exchange(batch_, {}));
      return Answer{engine::CommitAnswer{true}};
    });
  }
  std::optional<Answer> receive() override {
    if (answers_.empty()) return std::nullopt;
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  void rollback() override { throw std::logic_error("a recorded batch was rolled back"); }

  /// What would be answered next; the least goes first. Empty: nothing was asked.
  [[nodiscard]] std::optional<std::pair<bool, std::uint64_t>> turn() const {
    if (asked_.empty()) return std::nullopt;
    return std::pair{!asked_.front().claims, asked_.front().number};
  }
  void answer() {
    answers_.push_back(asked_.front().answer());
    asked_.pop_front();
  }

 private:
  struct Asked {
    std::uint64_t number;
    std::function<Answer()> answer;
    bool claims = false;
  };
  void ask(std::function<Answer()> answer) {
    asked_.push_back({++store_.last_request_, std::move(answer)});
  }

  MemoryStore& store_;
  RecordedBatch batch_;
  std::deque<Asked> asked_;
  std::deque<Answer> answers_;
};

MemoryStore::MemoryStore(InitialRow initial, std::vector<RecordedBatch>& into)
    : initial_(std::move(initial)), recorded_(into) {}

MemoryStore::~MemoryStore() = default;

bool MemoryStore::answer_next() {
  MemorySession* next = nullptr;
  for (const auto& session : sessions_) {
    if (session->turn() && (next == nullptr || *session->turn() < *next->turn())) {
      next = session.get();
    }
  }
  if (next != nullptr) next->answer();
  return next != nullptr;
}

void MemoryStore::reconnect(int sessions) {
  sessions_.clear();
  for (int i = 0; i < sessions; ++i) sessions_.push_back(std::make_unique<MemorySession>(*this));
}

engine::Session& MemoryStore::session(int index) {
  return *sessions_.at(static_cast<std::size_t>(index));
}

std::vector<engine::Position> MemoryStore::positions(std::span<const TopicPartition> lanes) {
  std::vector<engine::Position> found;
  for (const TopicPartition& lane : lanes) {
    if (const auto at = positions_.find(lane); at != positions_.end()) found.push_back(at->second);
  }
  return found;
}

void MemoryStore::add_positions(std::span<const engine::Position> first) {
  for (const engine::Position& position : first) positions_.emplace(position.lane, position);
}

std::vector<engine::Position> MemoryStore::take_over(std::span<const TopicPartition> lanes,
                                                     std::int64_t /*epoch*/) {
  return positions(lanes);
}

std::vector<engine::Position> MemoryStore::take_back(std::span<const TopicPartition> /*lanes*/,
                                                     std::int64_t /*mine*/,
                                                     std::int64_t /*epoch*/) {
  throw std::logic_error("a recording went into recovery");
}

engine::ClaimAnswer MemoryStore::claim(const engine::ClaimRequest& request) {
  engine::ClaimAnswer answer;
  for (const inbox::Claim& claim : request.claims) {
    const auto [at, is_new] = inbox_.emplace(claim.id, claim.fingerprint);
    if (!is_new) answer.known.emplace_back(claim.id, at->second);
  }
  for (const engine::TableLoad& wanted : request.loads) answer.rows.push_back(load(wanted));
  answer.outbox_batch = ++last_outbox_batch_;
  answer.began_at = SystemClock{}.wall();
  return answer;
}

engine::TableRows MemoryStore::load(const engine::TableLoad& load) const {
  engine::TableRows rows;
  for (const engine::ColumnShape& column : load.table->columns) {
    rows.columns.push_back(test::empty_column(column.type));
  }
  for (std::size_t i = 0; i < pawl::rows_of(load.keys); ++i) {
    const auto row = find(*load.table, key_of(load.keys, i));
    if (!row) continue;
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
      test::append_cell(rows.columns[c], row->cells[c]);
    }
    rows.versions.push_back(row->version);
  }
  return rows;
}

std::optional<test::StateRow> MemoryStore::find(const engine::TableShape& table,
                                                std::int64_t key) const {
  if (const auto rows = written_.find(&table); rows != written_.end()) {
    if (const auto row = rows->second.find(key); row != rows->second.end()) return row->second;
  }
  return initial_(table, key);
}

// Rows that are only appended are never asked for.
void MemoryStore::write(const std::vector<engine::TableWrite>& writes) {
  for (const engine::TableWrite& write : writes) {
    if (write.versions.empty()) continue;
    Rows& rows = written_[write.table];
    for (std::size_t i = 0; i < write.rows(); ++i) {
      test::StateRow& row = rows[key_of(write.columns.front(), i)];
      row.cells.clear();
      for (const ColumnArray& column : write.columns) row.cells.push_back(test::cell_of(column, i));
      row.version = write.versions[i];
    }
  }
}

}  // namespace pawl::bench
