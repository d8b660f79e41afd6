#include "soak/fault.h"

#include <algorithm>
#include <array>

#include "soak/fault_kinds.h"

namespace pawl::soak {
namespace {

using namespace std::chrono_literals;

struct Kind {
  const char* name;
  double weight;  // how often, against the others
  Fault (*make)(Draw&);
};

constexpr std::array kKinds{
    Kind{"kill", 3, &kill_worker},
    Kind{"end", 2, &end_worker},
    Kind{"freeze", 3, &freeze_worker},
    Kind{"terminate_backends", 4, &terminate_backends},
    Kind{"hot_rows", 3, &hold_hot_rows},
    Kind{"foreign_writer", 3, &write_as_a_stranger},
    Kind{"refused_rows", 2, &refuse_rows},
    Kind{"postgres_restart", 2, &restart_postgres},
    Kind{"kafka_restart", 1, &restart_broker},
    Kind{"kafka_freeze", 1, &freeze_broker},
    Kind{"database_cut", 2, &cut_database},
    Kind{"commits_lost", 3, &lose_commits},
    Kind{"database_unplugged", 2, &unplug_database},
    Kind{"database_slow", 2, &slow_database},
    Kind{"kafka_cut", 2, &cut_broker},
    Kind{"kafka_unplugged", 1, &unplug_broker},
    Kind{"kafka_slow", 2, &slow_broker},
};

std::vector<double> weights(const Options& options) {
  std::vector<double> result;
  for (const Kind& kind : kKinds) {
    const bool wanted = std::ranges::find(options.faults, kind.name) != options.faults.end();
    result.push_back(wanted ? kind.weight : 0);
  }
  return result;
}

std::discrete_distribution<std::size_t> by_weight(const std::vector<double>& weights) {
  return {weights.begin(), weights.end()};
}

}  // namespace

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

FaultBox::FaultBox(const Options& options,
                   Stage& stage,
                   std::vector<std::unique_ptr<Worker>>& workers)
    : options_(options),
      stage_(stage),
      workers_(workers),
      random_(options.seed),
      which_(by_weight(weights(options))) {}

Fault FaultBox::draw() {
  const Kind& kind = kKinds.at(which_(random_));
  Draw draw{stage_, workers_, random_};
  Fault fault = kind.make(draw);
  fault.name = kind.name;
  return fault;
}

std::chrono::milliseconds FaultBox::gap() {
  return Draw{stage_, workers_, random_}.between(300ms, 4'000ms);
}

}  // namespace pawl::soak
