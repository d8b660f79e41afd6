#include "pawl/consumer/circuit_teller.h"

#include <utility>
#include <vector>

#include "pawl/consumer/parts.h"
#include "pawl/core/failure.h"
#include "pawl/run_control/open_circuits.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kReachingMax = 2s;
constexpr std::chrono::milliseconds kTellingMax = 1s;

}  // namespace

void CircuitTeller::turn() {
  std::vector<run_control::OwnCircuit> open;
  for (CircuitView& circuit : circuits_.view()) {
    if (circuit.open)
      open.push_back({std::move(circuit.dependency), std::move(circuit.what), circuit.since});
  }
  if (open.empty() && !connection_) return;
  try {
    if (!connection_) {
      connection_ = std::make_unique<postgres::Connection>(postgres::ConnectionSettings{
          .url = url_, .application_name = "pawl circuits", .connect_timeout = kReachingMax});
    }
    run_control::tell_open_circuits(*connection_, consumer_, process_name(), open, kTellingMax);
    if (open.empty()) connection_.reset();
  } catch (const Failure&) {
    connection_.reset();
  }
}

}  // namespace pawl
