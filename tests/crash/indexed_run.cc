#include "crash/indexed_run.h"

#include <unordered_set>

namespace pawl::test {

IndexedRun::IndexedRun(const Observation& seen) {
  for (const SeenCommand& command : seen.commands) {
    if (command.decodable && commands.emplace(command.id, &command).second)
      firsts.push_back(&command);
  }
  std::unordered_set<std::string_view> known;
  for (const SeenEvent& event : seen.events) {
    if (!known.insert(event.id).second) continue;
    first_events.push_back(&event);
    if (!event.cause.empty()) by_cause[event.cause].push_back(&event);
  }
  for (const SeenTransfer& transfer : seen.transfers) transfers[transfer.id].push_back(&transfer);
  for (const SeenStatement& statement : seen.statements)
    statements[statement.command_id].push_back(&statement);
  for (const SeenInboxRow& row : seen.inbox) inbox[row.id].push_back(&row);
  for (const SeenDeadLetter& letter : seen.dead_letters) {
    if (letter.failure_class != kUndecodable) exhausted[letter.message_id].push_back(&letter);
  }
}

}  // namespace pawl::test
