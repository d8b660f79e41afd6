#include "pawl/cli/status_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pawl/cli/moments.h"
#include "pawl/cli/numbers.h"
#include "pawl/cli/pause_text.h"
#include "pawl/cli/table.h"
#include "pawl/core/rfc3339.h"

namespace pawl::cli {
namespace {

using nlohmann::ordered_json;
using run_control::ConsumerState;
using run_control::LaneState;
using run_control::RelayState;
using Lines = std::vector<std::string>;

const LaneLag* lag_of(const StatusView& view,
                      const ConsumerState& consumer,
                      const TopicPartition& lane) {
  const auto lags = view.lags.find(consumer.name);
  if (lags == view.lags.end()) return nullptr;
  const auto known = lags->second.find(lane);
  return known == lags->second.end() ? nullptr : &known->second;
}

bool is_paused(const ConsumerState& consumer, const TopicPartition& lane) {
  return std::ranges::any_of(consumer.pauses, [&](const run_control::StandingPause& each) {
    return !each.pause.type && (!each.pause.lane || *each.pause.lane == lane);
  });
}

std::string owner_of(const LaneState& lane) {
  if (lane.owner.empty()) return "nobody";
  return lane.owned ? lane.owner : lane.owner + " (gone)";
}

std::string age_of(const LaneLag& lag) {
  if (lag.records == 0) return readable(std::chrono::seconds{0});
  return lag.age ? readable(*lag.age) : "-";
}

std::vector<std::string> cells_of(const StatusView& view,
                                  const ConsumerState& consumer,
                                  const LaneState& lane) {
  const LaneLag* lag = lag_of(view, consumer, lane.lane);
  const char* paused = is_paused(consumer, lane.lane) ? " paused" : "";
  return {fmt::format("{}{}", lane.lane.partition, paused),
          owner_of(lane),
          grouped(lane.next_offset),
          lag ? grouped(lag->end) : "-",
          lag ? grouped(lag->records) : "-",
          lag ? age_of(*lag) : "-",
          grouped(lane.held_keys),
          grouped(lane.parked)};
}

/// All lanes of a topic: sums, and the worst age; a dash where one lane's is not known.
struct Total {
  void add(const LaneState& lane, const LaneLag* lag) {
    ++lanes;
    held_keys += lane.held_keys;
    parked += lane.parked;
    lags_known &= lag != nullptr;
    ages_known &= lag && (lag->records == 0 || lag->age);
    if (lag) records += lag->records;
    if (lag && lag->age) age = std::max(age, *lag->age);
  }
  [[nodiscard]] std::vector<std::string> cells() const {
    return {"all",
            "",
            "",
            "",
            lags_known ? grouped(records) : "-",
            ages_known ? readable(age) : "-",
            grouped(held_keys),
            grouped(parked)};
  }

  int lanes = 0;
  std::int64_t held_keys = 0, parked = 0, records = 0;
  bool lags_known = true, ages_known = true;
  std::chrono::duration<double> age{};
};

void add_topic(const StatusView& view,
               const ConsumerState& consumer,
               const std::string& topic,
               Lines& lines) {
  Total total;
  Table table{{"lane", "owner", "next", "end", "lag", "behind by", "held", "parked"}};
  for (const LaneState& lane : consumer.lanes) {
    if (lane.lane.topic != topic) continue;
    table.add(cells_of(view, consumer, lane));
    total.add(lane, lag_of(view, consumer, lane.lane));
  }
  if (total.lanes > 1) table.add(total.cells());
  lines.push_back(fmt::format("consumer {}, topic {}", consumer.name, topic));
  for (const std::string& line : table.lines()) lines.push_back("  " + line);
}

std::string circuit_line(const run_control::OpenCircuit& circuit) {
  return fmt::format("{} is not called by {}, for {}: {}",
                     circuit.dependency,
                     circuit.process,
                     readable(circuit.open_for),
                     circuit.what);
}

void add_consumer(const StatusView& view, const ConsumerState& consumer, Lines& lines) {
  if (consumer.lanes.empty())
    lines.push_back(fmt::format("consumer {}: no lane was ever taken", consumer.name));
  const std::string* topic = nullptr;
  for (const LaneState& lane : consumer.lanes) {
    if (topic && *topic == lane.lane.topic) continue;
    topic = &lane.lane.topic;
    add_topic(view, consumer, *topic, lines);
  }
  for (const run_control::StandingPause& pause : consumer.pauses)
    lines.push_back("  paused: " + line_of(pause));
  for (const run_control::OpenCircuit& circuit : consumer.open_circuits)
    lines.push_back("  circuit open: " + circuit_line(circuit));
  lines.push_back(fmt::format("  dead letters: {} dead, {} redriven, {} discarded",
                              grouped(consumer.dead),
                              grouped(consumer.redriven),
                              grouped(consumer.discarded)));
  lines.emplace_back();
}

std::string outbox_line(const run_control::OutboxState& outbox) {
  std::string line = fmt::format("outbox: {} unpublished", grouped(outbox.unpublished));
  if (outbox.unpublished > 0) line += fmt::format(", the oldest for {}", readable(outbox.oldest));
  if (outbox.held_events == 0) return line + ", none held";
  return line + fmt::format("; {} held, of {} keys (`pawl outbox list`)",
                            grouped(outbox.held_events),
                            grouped(outbox.held_keys));
}

std::string relay_line(const RelayState& relay) {
  const std::string holes =
      relay.holes == 0 ? "" : fmt::format(", {} open holes behind it", grouped(relay.holes));
  return fmt::format("relay {}: {}, at batch {}{}, stored {} ago",
                     relay.name,
                     relay.owner.empty() ? "nobody publishes" : relay.owner,
                     grouped(relay.batch),
                     holes,
                     readable(relay.silent_for));
}

ordered_json json_of(const LaneState& lane, const LaneLag* lag, bool paused) {
  ordered_json json;
  json["topic"] = lane.lane.topic;
  json["partition"] = lane.lane.partition;
  json["owner"] = lane.owner.empty() ? ordered_json(nullptr) : ordered_json(lane.owner);
  json["owned"] = lane.owned;
  json["next_offset"] = lane.next_offset;
  json["end_offset"] = lag ? ordered_json(lag->end) : ordered_json(nullptr);
  json["lag_records"] = lag ? ordered_json(lag->records) : ordered_json(nullptr);
  json["lag_seconds"] = nullptr;
  if (lag && lag->records == 0) json["lag_seconds"] = 0.0;
  if (lag && lag->age) json["lag_seconds"] = lag->age->count();
  json["held_keys"] = lane.held_keys;
  json["parked"] = lane.parked;
  json["paused"] = paused;
  return json;
}

ordered_json json_of(const StatusView& view, const ConsumerState& consumer) {
  ordered_json json;
  json["name"] = consumer.name;
  json["lanes"] = ordered_json::array();
  for (const LaneState& lane : consumer.lanes)
    json["lanes"].push_back(
        json_of(lane, lag_of(view, consumer, lane.lane), is_paused(consumer, lane.lane)));
  json["pauses"] = ordered_json::array();
  for (const run_control::StandingPause& pause : consumer.pauses)
    json["pauses"].push_back(cli::json_of(pause));
  json["open_circuits"] = ordered_json::array();
  for (const run_control::OpenCircuit& circuit : consumer.open_circuits)
    json["open_circuits"].push_back({{"dependency", circuit.dependency},
                                     {"process", circuit.process},
                                     {"open_seconds", circuit.open_for.count()},
                                     {"what", circuit.what}});
  json["dead_letters"] = {
      {"dead", consumer.dead}, {"redriven", consumer.redriven}, {"discarded", consumer.discarded}};
  return json;
}

ordered_json json_of(const RelayState& relay) {
  ordered_json json;
  json["name"] = relay.name;
  json["owner"] = relay.owner.empty() ? ordered_json(nullptr) : ordered_json(relay.owner);
  json["batch"] = relay.batch;
  json["holes"] = relay.holes;
  json["silent_seconds"] = relay.silent_for.count();
  return json;
}

}  // namespace

Lines status_lines(const StatusView& view) {
  const run_control::State& state = view.state;
  Lines lines{fmt::format("{} UTC", readable(state.at))};
  if (!view.brokers_silent.empty())
    lines.back() += "; ends and lags are not known: " + view.brokers_silent;
  lines.emplace_back();
  if (state.consumers.empty()) lines.emplace_back("no consumer has run on this database");
  for (const ConsumerState& consumer : state.consumers) add_consumer(view, consumer, lines);
  lines.push_back(outbox_line(state.outbox));
  for (const RelayState& relay : state.relays) lines.push_back(relay_line(relay));
  if (state.relays.empty()) lines.emplace_back("relay: none has run");
  return lines;
}

std::string status_json(const StatusView& view) {
  const run_control::State& state = view.state;
  ordered_json json;
  json["at"] = rfc3339(state.at);
  json["brokers_silent"] =
      view.brokers_silent.empty() ? ordered_json(nullptr) : ordered_json(view.brokers_silent);
  json["consumers"] = ordered_json::array();
  for (const ConsumerState& consumer : state.consumers)
    json["consumers"].push_back(json_of(view, consumer));
  json["outbox"] = {{"unpublished", state.outbox.unpublished},
                    {"oldest_seconds", state.outbox.oldest.count()},
                    {"held_events", state.outbox.held_events},
                    {"held_keys", state.outbox.held_keys}};
  json["relays"] = ordered_json::array();
  for (const RelayState& relay : state.relays) json["relays"].push_back(json_of(relay));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace pawl::cli
