// What networks and proxies do to the workers' connections.
#include <fmt/format.h>

#include "soak/fault_kinds.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

/// Something that a gate does until it is opened again.
Fault at_gate(std::string what,
              std::string target,
              std::chrono::milliseconds lasts,
              test::TcpGate& gate,
              std::function<void()> begin) {
  return {.name = {},
          .what = std::move(what),
          .target = std::move(target),
          .lasts = lasts,
          .begin = std::move(begin),
          .end = [&gate] { gate.reopen(); }};
}

/// Longer than it takes to notice (tcp_user_timeout, 10 s), once in a while.
std::chrono::milliseconds unplugged_for(Draw& draw) {
  return draw.between(300ms, draw.below(4) == 0 ? 14'000ms : 4'000ms);
}

Fault cut(test::TcpGate& gate, std::string what, std::string target, Draw& draw) {
  const auto cut_all = [&gate] { gate.cut(); };
  Fault fault =
      at_gate(std::move(what), std::move(target), draw.between(0ms, 2'000ms), gate, cut_all);
  fault.during = cut_all;
  fault.takes_a_server_away = true;
  return fault;
}

Fault unplug(test::TcpGate& gate, std::string what, std::string target, Draw& draw) {
  const bool hung = draw.below(3) == 0;  // connections are made, and nobody answers
  Fault fault = at_gate(std::move(what) + (hung ? " (hung)" : ""),
                        std::move(target),
                        unplugged_for(draw),
                        gate,
                        [&gate, hung] { hung ? gate.swallow() : gate.vanish(); });
  fault.takes_a_server_away = true;
  return fault;
}

Fault slow(test::TcpGate& gate, std::string what, std::string target, Draw& draw) {
  const auto there = draw.between(0ms, 40ms);
  const auto back = draw.between(1ms, 40ms);
  return at_gate(fmt::format("{}: {} + {} ms", what, there.count(), back.count()),
                 std::move(target),
                 draw.between(500ms, 5'000ms),
                 gate,
                 [&gate, there, back] { gate.delay(there, back); });
}

}  // namespace

Fault cut_database(Draw& draw) {
  return cut(draw.stage.database_gate(), "database connections cut", "database", draw);
}

Fault lose_commits(Draw& draw) {
  test::TcpGate& gate = draw.stage.database_gate();
  const bool answered = draw.below(2) == 0;
  const int every = static_cast<int>(2 + draw.below(20));
  const auto lost = answered ? test::TcpGate::Lost::answer : test::TcpGate::Lost::request;
  return at_gate(fmt::format("each {}th COMMIT loses its {}", every, answered ? "answer" : "way"),
                 "database",
                 draw.between(500ms, 3'000ms),
                 gate,
                 [&gate, lost, every] { gate.cut_at("commit", lost, every); });
}

Fault unplug_database(Draw& draw) {
  return unplug(draw.stage.database_gate(), "database unplugged", "database", draw);
}

Fault slow_database(Draw& draw) {
  return slow(draw.stage.database_gate(), "database slow", "database", draw);
}

Fault cut_broker(Draw& draw) {
  return cut(draw.stage.broker_gate(), "Kafka connections cut", "broker", draw);
}

Fault unplug_broker(Draw& draw) {
  return unplug(draw.stage.broker_gate(), "Kafka unplugged", "broker", draw);
}

Fault slow_broker(Draw& draw) {
  return slow(draw.stage.broker_gate(), "Kafka slow", "broker", draw);
}

}  // namespace pawl::soak
