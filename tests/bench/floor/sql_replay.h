// The SQL floor: a recording's statements on a real database, in the engine's order, and nothing
// else.
#pragma once

#include <deque>
#include <functional>

#include "bench/floor/recording.h"
#include "bench/interrupt.h"
#include "pawl/engine/batch.h"
#include "pawl/engine/postgres_store.h"

namespace pawl::bench {

/// The order between batches is the engine's (engine.cc: advance): the next one's claim goes out
/// when this one's save is on its way, its save when this one is saved, its fence when this one is
/// committed. One thread.
class SqlReplay {
 public:
  /// How many batches were started and committed.
  using Progress = std::function<void(std::size_t started, std::size_t committed)>;

  /// Connects and takes the lanes over. Throws Failure.
  SqlReplay(const postgres::ConnectionSettings& connection, int in_flight, Recording& recording);

  /// Returns when the last batch is committed; `progress` is called whenever it changes. Throws
  /// std::runtime_error when the database answers otherwise than the recording did: then the floor
  /// would be of other work.
  void run(const Interrupt& interrupt, const Progress& progress);

 private:
  struct Flight {
    RecordedBatch* batch;
    int session;
    engine::Phase phase = engine::Phase::claiming;
    bool fence_sent = false;
  };

  void take_lanes();
  bool step();
  bool start();
  void send_what_may(Flight& flight);
  bool receive(Flight& flight);
  static void on_answer(Flight& flight, engine::TakeParkedAnswer& answer);
  void on_answer(Flight& flight, engine::ClaimAnswer& answer);
  static void on_answer(Flight& flight, engine::LoadAnswer& answer);
  void on_answer(Flight& flight, engine::SaveAnswer& answer);
  void on_answer(Flight& flight, engine::FenceAnswer& answer);
  void on_answer(Flight& flight, engine::CommitAnswer& answer);
  static void on_answer(Flight& flight, Failure& failure);
  [[nodiscard]] engine::Session& session(const Flight& flight) {
    return store_.session(flight.session);
  }
  [[nodiscard]] const Flight* before(const Flight& flight) const;
  [[nodiscard]] int free_session() const;

  int in_flight_max_;
  Recording& recording_;
  engine::PostgresStore store_;
  std::deque<Flight> in_flight_;
  std::size_t next_ = 0;  // to be started
  std::size_t committed_ = 0;
};

/// Throws std::runtime_error when the database does not hold just what the recording says: then the
/// floor was of other work.
void require_rows(postgres::Connection& connection, const RecordedRows& expected);

}  // namespace pawl::bench
