#include "bench/event_log.h"

#include <algorithm>
#include <stdexcept>

#include "pawl/kafka/record_reader.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kReadMax = 60s;
constexpr std::uint64_t kCheckEvery = 4096;

bool is_effect(const Record& event) {
  const auto type = event.header("ce_type");
  return type &&
         (type->value == "ledger.v1.FundsTransferred" || type->value == "ledger.v1.MonthClosed");
}

void take(const Record& event, EventLog& log) {
  ++log.records;
  if (const auto cause = cause_of(event)) log.causes.insert(*cause);
  if (!is_effect(event)) return;
  if (log.effects++ == 0) log.first_effect = log.last_effect = event.timestamp;
  log.first_effect = std::min(log.first_effect, event.timestamp);
  log.last_effect = std::max(log.last_effect, event.timestamp);
}

}  // namespace

std::optional<Uuid> cause_of(const Record& event) {
  const auto cause = event.header("ce_causationid");
  return cause && cause->value ? Uuid::parse(*cause->value) : std::nullopt;
}

EventLog read_events(const Stage& stage, const Interrupt& interrupt) {
  kafka::RecordReader reader{stage.servers().kafka(), stage.events()};
  const SteadyTime deadline = std::chrono::steady_clock::now() + kReadMax;
  EventLog log;
  while (!reader.at_end()) {
    if (const auto event = reader.poll(100ms)) take(*event, log);
    if (log.records % kCheckEvery == 0) {
      interrupt.check();
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error("cannot read the events topic to its end in a minute");
      }
    }
  }
  return log;
}

}  // namespace pawl::bench
