// Processes that die, end, stand still, and come back.
#include <fmt/format.h>

#include "soak/fault_kinds.h"

namespace pawl::soak {

using namespace std::chrono_literals;

Fault kill_worker(Draw& draw) {
  Worker& worker = draw.mortal_worker();
  return {.name = {},
          .what = worker.name() + " killed",
          .target = worker.name(),
          .lasts = draw.between(0ms, 3'000ms),
          .begin = [&worker] { worker.kill(); },
          .end = [&worker] { worker.start(); }};
}

Fault end_worker(Draw& draw) {
  Worker& worker = draw.mortal_worker();
  return {.name = {},
          .what = worker.name() + " ended by SIGTERM",
          .target = worker.name(),
          .lasts = draw.between(1'000ms, 3'000ms),
          .begin = [&worker] { worker.ask_to_end(); },
          .end =
              [&worker] {
                worker.end();
                worker.start();
              }};
}

Fault freeze_worker(Draw& draw) {
  Worker& worker = draw.any_worker();
  return {.name = {},
          .what = worker.name() + " frozen",
          .target = worker.name(),
          .lasts = draw.between(100ms, draw.below(4) == 0 ? 12'000ms : 4'000ms),
          .begin = [&worker] { worker.freeze(); },
          .end = [&worker] { worker.thaw(); }};
}

Fault restart_postgres(Draw& draw) {
  Stage& stage = draw.stage;
  return {.name = {},
          .what = "PostgreSQL killed and restarted",
          .target = "database",
          .lasts = draw.between(0ms, 5'000ms),
          .takes_a_server_away = true,
          .begin = [&stage] { stage.postgres().kill_immediately(); },
          .end =
              [&stage] {
                stage.postgres().start_again();
                stage.connect_again();
              }};
}

Fault restart_broker(Draw& draw) {
  Stage& stage = draw.stage;
  const bool killed = draw.below(2) == 0;
  return {.name = {},
          .what = fmt::format("Kafka {} and restarted", killed ? "killed" : "ended"),
          .target = "broker",
          .lasts = draw.between(0ms, 5'000ms),
          .takes_a_server_away = true,
          .begin = [&stage, killed] { killed ? stage.broker().kill() : stage.broker().stop(); },
          .end = [&stage] { stage.broker().start(); }};
}

Fault freeze_broker(Draw& draw) {
  Stage& stage = draw.stage;
  return {.name = {},
          .what = "Kafka frozen",
          .target = "broker",
          .lasts = draw.between(300ms, 6'000ms),
          .takes_a_server_away = true,
          .begin = [&stage] { stage.broker().freeze(); },
          .end = [&stage] { stage.broker().thaw(); }};
}

}  // namespace pawl::soak
