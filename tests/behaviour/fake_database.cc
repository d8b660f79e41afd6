#include "behaviour/fake_database.h"

#include <algorithm>

namespace pawl::test {

Cell cell_of(const ColumnArray& column, std::size_t row) {
  return std::visit([row](const auto& values) -> Cell { return values[row]; }, column);
}

ColumnArray empty_column(ColumnType type) {
  switch (type) {
    case ColumnType::bigint:
      return std::vector<std::int64_t>{};
    case ColumnType::text:
      return std::vector<std::string>{};
    case ColumnType::uuid:
      return std::vector<Uuid>{};
    case ColumnType::boolean:
      return std::vector<std::uint8_t>{};
  }
  return {};
}

void append_cell(ColumnArray& column, const Cell& cell) {
  std::visit([&]<class T>(std::vector<T>& values) { values.push_back(std::get<T>(cell)); }, column);
}

bool FakeLocks::write(const FakeSession* session, const Name& name) {
  Holders& holders = locks_[name];
  const bool is_ours = !holders.writer || holders.writer == session;
  const bool is_read_by_others = std::ranges::any_of(
      holders.readers, [&](const FakeSession* reader) { return reader != session; });
  if (!is_next(holders, session, is_ours && !is_read_by_others)) return false;
  holders.writer = session;
  return true;
}

bool FakeLocks::share(const FakeSession* session, const Name& name) {
  Holders& holders = locks_[name];
  if (!is_next(holders, session, !holders.writer || holders.writer == session)) return false;
  holders.readers.insert(session);
  return true;
}

bool FakeLocks::is_next(Holders& holders, const FakeSession* session, bool free) {
  const bool holds = holders.writer == session || holders.readers.contains(session);
  auto& waiting = holders.waiting;
  if (free && (holds || waiting.empty() || waiting.front() == session)) {
    std::erase(waiting, session);
    return true;
  }
  if (std::ranges::find(waiting, session) == waiting.end()) waiting.push_back(session);
  return false;
}

void FakeLocks::release(const FakeSession* session) {
  for (auto at = locks_.begin(); at != locks_.end();) {
    Holders& holders = at->second;
    if (holders.writer == session) holders.writer = nullptr;
    holders.readers.erase(session);
    std::erase(holders.waiting, session);
    const bool unused = !holders.writer && holders.readers.empty() && holders.waiting.empty();
    at = unused ? locks_.erase(at) : std::next(at);
  }
}

}  // namespace pawl::test
