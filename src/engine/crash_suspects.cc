// A handler that ends the process would do so for ever: its command comes again to the next owner.
// So the next owner of a lane that was not given up writes down what it is about to handle, and
// what did not survive that runs alone, until it has ended or is given up.

#include <algorithm>

#include "pawl/engine/engine.h"

namespace pawl::engine {

void Engine::suspect(const Position& position) {
  if (!position.abandoned) return;
  const std::size_t in_its_hands =
      settings_.batch_commands_max * static_cast<std::size_t>(settings_.in_flight);
  lanes_.at(position.lane)->suspicion().begin(position.mark, position.next_offset, in_its_hands);
  const int crashes = lanes_.at(position.lane)->suspicion().crashes_on(position.next_offset);
  if (crashes == 0) return;
  parts_.log.warn("commands that were in hand when a process ended; they run one at a time",
                  {{"topic", position.lane.topic},
                   {"partition", position.lane.partition},
                   {"first_offset", std::max(position.next_offset, position.mark->first)},
                   {"last_offset", position.mark->last},
                   {"crashes", crashes}});
}

// What is given up is not handled any more.
bool Engine::is_suspect(const Batch& batch) {
  return std::ranges::any_of(batch.items, [](const Item& item) {
    return item.lane->suspicion().stands() && !item.pending.failed;
  });
}

// Whether it is written down. A batch of one suspect counts on; all others begin to count.
bool Engine::mark(Batch& batch) {
  std::map<TopicPartition, Mark> marks;
  for (const Item& item : batch.items) {
    if (!item.lane->suspicion().stands()) continue;
    const std::int64_t offset = item.pending.record.offset;
    const Mark mark{offset, offset, item.pending.crashes + 1};
    Mark& all = marks.try_emplace(item.lane->id(), mark).first->second;
    all.last = offset;
  }
  std::vector<LaneMark> ordered;
  for (const auto& [lane, mark] : marks) ordered.push_back({lane, mark});
  try {
    batch.suspect = parts_.store.mark(ordered, epoch_);
  } catch (const Failure& failure) {
    parts_.log.warn("what is about to be handled cannot be written down",
                    {{"code", failure.code()}, {"what", failure.what()}});
  }
  must_recover_ |= !batch.suspect;
  return batch.suspect;
}

}  // namespace pawl::engine
