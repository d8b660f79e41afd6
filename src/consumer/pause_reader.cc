#include "pawl/consumer/pause_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "pawl/core/failure.h"
#include "pawl/run_control/pauses.h"

namespace pawl {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kComplaintEvery = 5min;
constexpr std::chrono::milliseconds kConnectMax = 2s;
constexpr std::chrono::milliseconds kAnswerMax = 1s;

observe::Gauge gauge(observe::Metrics& metrics, const std::string& consumer, const char* what) {
  return metrics.gauge("pawl_operator_pauses",
                       "Pauses by operators that stand, by what they stop",
                       {{"consumer", consumer}, {"what", what}});
}

bool has(const Pauses& pauses, const Pause& pause) {
  return std::ranges::find(pauses, pause) != pauses.end();
}

}  // namespace

PauseReader::PauseReader(PauseReaderSettings settings, Parts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      limiter_(parts_.clock, kComplaintEvery),
      consumers_(gauge(parts_.metrics, settings_.consumer, "consumer")),
      partitions_(gauge(parts_.metrics, settings_.consumer, "partition")),
      types_(gauge(parts_.metrics, settings_.consumer, "type")) {}

void PauseReader::turn() {
  try {
    obey(read());
  } catch (const Failure& failure) {
    connection_.reset();
    const auto left_out = limiter_.admit("database");
    if (!left_out) return;
    const bool never = parts_.board.version() == engine::PauseBoard::kNothingRead;
    parts_.log.warn(never ? "cannot read what is paused; nothing is taken before that is known"
                          : "cannot read what is paused; what was read last stands",
                    {{"code", failure.code()},
                     {"what", std::string_view(failure.what())},
                     {"left_out", *left_out}});
  }
}

Pauses PauseReader::read() {
  if (!connection_) {
    connection_ = std::make_unique<postgres::Connection>(
        postgres::ConnectionSettings{.url = settings_.url,
                                     .application_name = "pawl pauses",
                                     .connect_timeout = kConnectMax,
                                     .session = {}});
  }
  return run_control::read_pauses(*connection_, settings_.consumer, kAnswerMax);
}

void PauseReader::obey(const Pauses& pauses) {
  const Pauses before = parts_.board.read();
  if (!parts_.board.publish(pauses)) return;
  parts_.on_change();
  measure(pauses);
  for (const Pause& pause : pauses) {
    if (!has(before, pause)) tell("paused by an operator", pause);
  }
  for (const Pause& pause : before) {
    if (!has(pauses, pause)) tell("resumed by an operator", pause);
  }
}

void PauseReader::tell(const char* what, const Pause& pause) const {
  parts_.log.warn(what, {{"which", describe(pause)}});
  if (pause.type &&
      std::ranges::find(settings_.command_types, *pause.type) == settings_.command_types.end()) {
    parts_.log.warn("there is no handler for this type: a slip?", {{"command_type", *pause.type}});
  }
}

void PauseReader::measure(const Pauses& pauses) const {
  const auto count = [&](auto fits) {
    return static_cast<double>(std::ranges::count_if(pauses, fits));
  };
  consumers_.set(count([](const Pause& each) { return !each.lane && !each.type; }));
  partitions_.set(count([](const Pause& each) { return each.lane && !each.type; }));
  types_.set(count([](const Pause& each) { return each.type.has_value(); }));
}

std::string describe(const Pause& pause) {
  std::string text;
  if (pause.lane) text = fmt::format("{}/{}", pause.lane->topic, pause.lane->partition);
  if (pause.type) text += (text.empty() ? "" : ", ") + *pause.type;
  return text.empty() ? "all" : text;
}

}  // namespace pawl
