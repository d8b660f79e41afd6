// What a connection has sent and not yet heard about. Owned by Connection, used by its thread.
// Private to this folder.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pawl/postgres/connect.h"
#include "pawl/postgres/connection.h"

namespace pawl::postgres {

/// A named statement on this session. Between two syncs it may be used before its preparation is
/// confirmed; across a sync it may not, because an error in between would have skipped the
/// preparation: then it is prepared again under another name. (The same name twice would be an
/// error by itself.)
struct Prepared {
  std::string sql;
  std::vector<std::uint32_t> type_oids;
  std::string server_name;
  std::uint64_t attempt = 0;  // makes server_name unique in this session
  bool confirmed = false;
  std::uint64_t segment = 0;  // the sync it was sent before
};

struct Expected {
  enum class Kind { preparation, statement, sync };
  Kind kind;
  const std::string* name = nullptr;  // the statement's, kept in `prepared`; null without one
  Prepared* prepared = nullptr;
  std::uint64_t attempt = 0;
};

struct Connection::State {
  ConnectionHandle handle;
  std::string target;
  std::deque<Expected> expected;
  int outstanding = 0;                                 // of expected, without preparations
  std::unordered_map<std::string, Prepared> prepared;  // nodes stay where they are
  std::uint64_t attempts = 0;
  std::uint64_t segment = 1;
  /// Of a preparation: the reply of its statement. Of the commit at a sync (deferred constraints):
  /// the reply of that sync.
  std::optional<Failure> early_failure;
  bool wants_write = false;
  std::optional<std::string> loss;  // what happened to the connection
  bool loss_told = false;
  int pid = 0;
  std::string started;

  void send(const Statement& statement, const Parameters& parameters);
  void sync();
  void flush();
  [[nodiscard]] std::optional<Reply> receive();

 private:
  using Named = std::pair<const std::string, Prepared>;
  void send_prepared(const Statement& statement, const Parameters& parameters);
  Named& prepare(const Statement& statement, const Parameters& parameters);
  void check_sent(int sent, const Statement& statement);
  void read_input();
  [[nodiscard]] ResultHandle take_result();
  [[nodiscard]] std::optional<Reply> interpret(ResultHandle result);
  [[nodiscard]] std::optional<Reply> interpret_error(const Expected& entry, ResultHandle result);
  void lose(std::string what);
  [[nodiscard]] Reply tell_loss();
};

}  // namespace pawl::postgres
