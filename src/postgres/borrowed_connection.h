// A PGconn that somebody else owns, as libpqxx's connection and transaction. The one place that
// knows which libpqxx this is. Private to this folder.
#pragma once

#include <libpq-fe.h>

#include <pqxx/version>
#if PQXX_VERSION_MAJOR >= 7
#include <pqxx/pqxx>
#else
#include <pqxx/connection_base>
#include <pqxx/connectionpolicy>
#include <pqxx/transaction_base>
#endif
#include <stdexcept>
#include <string>
#include <utility>

namespace pawl::postgres {

[[noreturn]] inline void refuse_commit() {
  throw std::logic_error("a handler cannot commit: the transaction is its batch's");
}

#if PQXX_VERSION_MAJOR >= 7

class BorrowedConnection {
 public:
  explicit BorrowedConnection(PGconn* handle)
      : connection_(pqxx::connection::seize_raw_connection(handle)) {}
  ~BorrowedConnection() { static_cast<void>(std::move(connection_).release_raw_connection()); }
  BorrowedConnection(const BorrowedConnection&) = delete;
  BorrowedConnection& operator=(const BorrowedConnection&) = delete;
  pqxx::connection& get() { return connection_; }

 private:
  pqxx::connection connection_;
};

/// Begins and ends nothing: it lives inside a transaction of the connection's owner.
class BorrowedTransaction final : public pqxx::transaction_base {
 public:
  explicit BorrowedTransaction(BorrowedConnection& connection)
      : transaction_base(connection.get(), "handler") {
    register_transaction();
  }
  ~BorrowedTransaction() override { close(); }

 private:
  void do_commit() override { refuse_commit(); }
  void do_abort() override {}
};

#else

class BorrowingPolicy final : public pqxx::connectionpolicy {
 public:
  explicit BorrowingPolicy(PGconn* handle) : connectionpolicy(""), handle_(handle) {}
  handle do_startconnect(handle) override { return handle_; }
  handle do_completeconnect(handle) override { return handle_; }
  handle do_dropconnect(handle) noexcept override { return handle_; }
  handle do_disconnect(handle) noexcept override { return nullptr; }

 private:
  PGconn* handle_;
};

class BorrowedConnection final : public pqxx::connection_base {
 public:
  explicit BorrowedConnection(PGconn* handle) : connection_base(policy_), policy_(handle) {
    init();
  }
  ~BorrowedConnection() { close(); }
  BorrowedConnection(const BorrowedConnection&) = delete;
  BorrowedConnection& operator=(const BorrowedConnection&) = delete;
  pqxx::connection_base& get() { return *this; }

 private:
  BorrowingPolicy policy_;
};

/// Begins and ends nothing: it lives inside a transaction of the connection's owner.
class BorrowedTransaction final : public pqxx::transaction_base {
 public:
  explicit BorrowedTransaction(BorrowedConnection& connection)
      : namedclass("transaction_base", "handler"), transaction_base(connection.get()) {
    Begin();
  }
  ~BorrowedTransaction() override { End(); }

 private:
  void do_begin() override {}
  pqxx::result do_exec(const char query[]) override { return direct_exec(query); }
  void do_commit() override { refuse_commit(); }
  void do_abort() override {}
};

#endif

}  // namespace pawl::postgres
