#include "behaviour/fake_database.h"

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
  if (holders.writer && holders.writer != session) return false;
  for (const FakeSession* reader : holders.readers) {
    if (reader != session) return false;
  }
  holders.writer = session;
  return true;
}

bool FakeLocks::share(const FakeSession* session, const Name& name) {
  Holders& holders = locks_[name];
  if (holders.writer && holders.writer != session) return false;
  holders.readers.insert(session);
  return true;
}

void FakeLocks::release(const FakeSession* session) {
  for (auto at = locks_.begin(); at != locks_.end();) {
    Holders& holders = at->second;
    if (holders.writer == session) holders.writer = nullptr;
    holders.readers.erase(session);
    at = !holders.writer && holders.readers.empty() ? locks_.erase(at) : std::next(at);
  }
}

}  // namespace pawl::test
