// What can go wrong: something that begins, lasts, and ends.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "soak/options.h"
#include "soak/stage.h"
#include "soak/worker.h"

namespace pawl::soak {

/// Drawn, and not begun yet.
struct Fault {
  std::string name;
  std::string what;    // for people: "worker 2 frozen"
  std::string target;  // one fault at a time for each: "worker 2", "database", "broker"
  std::chrono::milliseconds lasts{0};
  bool takes_a_server_away = false;  // no progress is expected meanwhile
  std::function<void()> begin;
  std::function<void()> during{};  // every tick; empty: nothing
  std::function<void()> end;       // everything is as before
};

/// Of all faults that there are.
[[nodiscard]] std::vector<std::string> fault_names();

/// Draws faults. The same seed draws the same ones. Main thread.
class FaultBox {
 public:
  FaultBox(const Options& options, Stage& stage, std::vector<std::unique_ptr<Worker>>& workers);

  [[nodiscard]] Fault draw();
  /// How long until the next one begins.
  [[nodiscard]] std::chrono::milliseconds gap();

 private:
  const Options options_;
  Stage& stage_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  std::mt19937_64 random_;
  std::discrete_distribution<std::size_t> which_;
};

}  // namespace pawl::soak
