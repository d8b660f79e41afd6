#include "pawl/postgres/open_transaction.h"

namespace pawl::postgres {
namespace {

const Statement kBegin{"transaction_begin", "BEGIN"};
const Statement kCommit{"transaction_commit", "COMMIT"};
const Statement kRollback{"transaction_rollback", "ROLLBACK"};

}  // namespace

OpenTransaction::OpenTransaction(Connection& connection) : connection_(connection) {
  connection_.execute(kBegin);
}

OpenTransaction::~OpenTransaction() {
  if (!open_) return;
  try {
    connection_.execute(kRollback);
  } catch (const Failure&) {  // the connection is gone, and with it the transaction
  }
}

void OpenTransaction::commit() {
  const Result committed = connection_.execute(kCommit);
  open_ = false;
  if (committed.command_tag() != "COMMIT") {
    throw Failure(Remedy::retry_later,
                  "rolled_back",
                  "the server rolled a transaction back instead of committing it");
  }
}

}  // namespace pawl::postgres
