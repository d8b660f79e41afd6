#include "pawl/cli/pause_text.h"

#include <fmt/format.h>

#include "pawl/cli/moments.h"
#include "pawl/core/rfc3339.h"

namespace pawl::cli {

using nlohmann::ordered_json;

std::string words_of(const Pause& pause) {
  const std::string lane =
      pause.lane ? fmt::format("partition {} ({})", pause.lane->partition, pause.lane->topic) : "";
  if (!pause.type) return lane.empty() ? "all" : lane;
  return "type " + *pause.type + (lane.empty() ? "" : " in " + lane);
}

std::string line_of(const run_control::StandingPause& pause) {
  return fmt::format("{}, by {} at {}{}",
                     words_of(pause.pause),
                     pause.decision.who,
                     readable(pause.at),
                     pause.decision.reason.empty() ? "" : ": " + pause.decision.reason);
}

ordered_json json_of(const run_control::StandingPause& pause) {
  ordered_json json;
  const auto& [lane, type] = pause.pause;
  json["topic"] = lane ? ordered_json(lane->topic) : ordered_json(nullptr);
  json["partition"] = lane ? ordered_json(lane->partition) : ordered_json(nullptr);
  json["type"] = type ? ordered_json(*type) : ordered_json(nullptr);
  json["who"] = pause.decision.who;
  json["reason"] = pause.decision.reason;
  json["at"] = rfc3339(pause.at);
  return json;
}

}  // namespace pawl::cli
