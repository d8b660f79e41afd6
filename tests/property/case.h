// One case of the property test: how the engine is set up, and what happens to it. Plain data that
// rapidcheck draws, shrinks and prints.
#pragma once

#include <iosfwd>
#include <variant>
#include <vector>

#include "pawl/retry/retry_policy.h"

namespace pawl::test {

/// How the handling of a command goes.
enum class Mood {
  succeeds,
  throws,      // `times` times
  asks_later,  // RetryAfter, an hour each time, `times` times
  is_refused,  // by the database, `times` times
  rejects,     // the business says no
  cannot_be_read
};

/// A failure that is repeated so often never ends.
inline constexpr int kAlways = 5;

/// Puts a command into a partition.
struct Publish {
  int key;      // 1 to 3; 0: none. Says the partition, and who pays
  int again;    // n: under the id of the n-th last one; 0: under one of its own
  bool as_was;  // `again` with the same key and payload, as a producer's repeat
  Mood mood;
  int times;
  int to;      // which of the other accounts receives
  int amount;  // from 1
};

/// Opens an account; one that is open is rejected.
struct OpenAccount {
  int key;
  int account;
};

/// The processes and the server go on a little, side by side.
struct Work {
  int steps;
};

struct Pass {
  int minutes;
};

/// A process gives its lanes up and ends; a new one takes them.
struct Restart {
  int worker;
};

/// A process dies where it stands; a new one takes its lanes over. Perhaps the server still does
/// what it was sent.
struct Crash {
  int worker;
  bool server_goes_on;
};

/// A lane goes to the other process.
struct Rebalance {
  enum class Way { given_up, lost, unnoticed } way;  // unnoticed: the loser goes on as before
  int partition;
};

/// What the next statements or connections of a process suffer from.
struct Trouble {
  enum class Kind {
    conflict,
    lock_timeout,
    lost_connection,
    missing_table,
    commit_rolled_back,
    cut_before_commit,
    cut_after_commit,
    cut_now,
    database_away,
    broker_away,
    broker_back,
    lane_stolen
  } kind;
  int worker;
  int step;  // of a batch, for those that strike a statement
  int times;
};

/// Another program moves money between two accounts.
struct ForeignTransfer {
  int from;
  int to;
  int amount;
};

/// An operator hands dead letters back.
struct Redrive {
  int letters_max;
};

using Operation = std::variant<Publish,
                               OpenAccount,
                               Work,
                               Pass,
                               Restart,
                               Crash,
                               Rebalance,
                               Trouble,
                               ForeignTransfer,
                               Redrive>;

struct Case {
  int in_flight;
  int batch_commands_max;
  int attempts_max;
  int immediate;           // retries
  int parked_per_key_max;  // commands
  OnFailure on_failure;    // of a transfer
  int seed;                // of everything that the case leaves to chance
  std::vector<Operation> operations;
};

std::ostream& operator<<(std::ostream& out, const Case& value);

}  // namespace pawl::test
