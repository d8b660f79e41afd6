#include "behaviour/fake_parking.h"

#include <algorithm>

#include "pawl/codec/headers_json.h"

namespace pawl::test {
namespace {

Record record_of(const engine::ParkedCommand& command) {
  const auto owned = codec::headers_of_json(command.headers);
  std::vector<Header> headers;
  for (const codec::OwnedHeader& header : owned) headers.push_back({header.name, header.value});
  Record record = make_record(command.key, command.payload, headers);
  record.offset = command.offset;
  record.timestamp = command.record_time;
  return record;
}

}  // namespace

bool FakeParking::apply(const engine::ParkingChanges& changes) {
  bool all = true;
  std::map<Name, std::vector<engine::ParkedCommand>> parked;
  for (const engine::ParkedCommand& command : changes.parked) {
    parked[{command.lane, command.place.held}].push_back(command);
  }
  for (const engine::ParkedEnd& end : changes.ended) {
    const auto at = held_.find({end.lane, end.place.held});
    all &= at != held_.end() && at->second.parked.erase(end.place.sequence) == 1;
  }
  for (const engine::HeldKeyRow& row : changes.held) {
    Held& held = held_[{row.place.lane, row.place.held}];
    held.row = row;
    held.started = row.attempts;
  }
  for (const auto& [name, commands] : parked) {
    all &= held_.contains(name);
    for (const engine::ParkedCommand& command : commands) {
      all &= held_[name].parked.try_emplace(command.place.sequence, command).second;
    }
  }
  for (const engine::HeldKeyPlace& place : changes.released) {
    const auto at = held_.find({place.lane, place.held});
    all &= at != held_.end() && at->second.parked.empty();
    if (at != held_.end()) held_.erase(at);
  }
  return all;
}

engine::TakeParkedAnswer FakeParking::take(const engine::TakeParkedRequest& request) {
  engine::TakeParkedAnswer answer;
  std::int64_t bytes = 0;
  for (std::size_t key = 0; key < request.keys.size(); ++key) {
    const auto at = held_.find({request.keys[key].place.lane, request.keys[key].place.held});
    if (at == held_.end()) continue;
    at->second.started = at->second.row.attempts + request.keys[key].crashes + 1;
    std::int64_t commands = 0;
    for (const auto& [sequence, command] : at->second.parked) {
      if (commands++ == request.keys[key].commands_max || bytes >= request.bytes_max) break;
      answer.parked.push_back({key, sequence, record_of(command)});
      bytes += static_cast<std::int64_t>(command.payload.value_or("").size());
    }
  }
  return answer;
}

std::vector<engine::HeldKeyFound> FakeParking::read(std::span<const TopicPartition> lanes) const {
  std::vector<engine::HeldKeyFound> found;
  for (const auto& [name, held] : held_) {
    if (std::ranges::find(lanes, name.first) == lanes.end()) continue;
    found.push_back({{name.first, name.second},
                     held.row.attempts,
                     held.row.failing_for,
                     held.row.due_in,
                     held.row.last_failure,
                     static_cast<std::int64_t>(held.parked.size()),
                     held.parked.empty() ? 0 : held.parked.rbegin()->first + 1,
                     held.started - held.row.attempts});
  }
  return found;
}

void FakeParking::pass(std::chrono::milliseconds time) {
  for (auto& [name, held] : held_) {
    held.row.due_in -= time;
    if (held.row.attempts > 0) held.row.failing_for += time;
  }
}

void FakeParking::hand_back(const engine::DeadLetter& letter) {
  const engine::HeldKeyId id =
      letter.key ? engine::HeldKeyId{*letter.key} : engine::HeldKeyId{{}, letter.offset};
  const engine::HeldKeyRow due_now{{letter.lane, id}, 0, {}, {}, {}, 0};
  Held& held = held_.try_emplace({letter.lane, id}, Held{due_now, 0, {}}).first->second;
  const std::int64_t sequence = held.parked.empty() ? 0 : held.parked.rbegin()->first + 1;
  held.parked.emplace(sequence,
                      engine::ParkedCommand{letter.lane,
                                            {id, sequence},
                                            letter.offset,
                                            letter.record_time,
                                            letter.message_id,
                                            letter.type,
                                            letter.key,
                                            letter.headers,
                                            letter.payload});
}

}  // namespace pawl::test
