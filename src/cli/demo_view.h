// What the demo shows: numbers in, lines out. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pawl::cli {

enum class DemoPhase { starting, joining, opening, running, draining };

/// A glance at everything that moves, since the demo began.
struct DemoSample {
  using Seconds = std::chrono::duration<double>;

  DemoPhase phase = DemoPhase::starting;
  Seconds elapsed{};  // since commands are sent
  std::int64_t sent = 0;
  std::int64_t received = 0;
  std::int64_t completed = 0;
  std::int64_t duplicate = 0;
  std::int64_t rejected = 0;
  std::int64_t dead = 0;
  std::int64_t parked = 0;
  double per_second = 0;     // received, over the last seconds
  std::int64_t waiting = 0;  // records between the positions and the ends of the topic
  std::optional<Seconds> oldest_waiting;
  std::optional<Seconds> p50;  // command produced -> event acknowledged, over the last seconds
  std::optional<Seconds> p99;
  std::optional<Seconds>
      outbox_age;  // of the oldest unpublished event; empty: the relay is not running
  std::int64_t outbox_rows = 0;
  std::int64_t published = 0;
};

/// What does not move.
struct DemoFacts {
  std::string database;
  std::string kafka;
  std::chrono::duration<double> seconds{};  // of the running phase; 0: until Ctrl-C
};

/// For a terminal, redrawn in place. `rates`: commands per second, oldest first, for a small chart.
/// `messages`: the last warnings, shown below.
[[nodiscard]] std::vector<std::string> demo_lines(const DemoSample& sample,
                                                  const DemoFacts& facts,
                                                  const std::vector<double>& rates,
                                                  const std::vector<std::string>& messages);

/// For everything else, one line now and then.
[[nodiscard]] std::string demo_line(const DemoSample& sample);

}  // namespace pawl::cli
