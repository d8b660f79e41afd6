#include "deciders.h"

namespace ledger {

v1::CommandRejected command_rejected(const pawl::CommandInfo& command, std::string_view code) {
  v1::CommandRejected event;
  event.set_command_id(command.id.to_string());
  event.set_command_type(std::string(command.type));
  event.set_command_id_as_sent(std::string(command.id_text));
  event.set_command_source(std::string(command.source));
  event.set_code(std::string(code));
  return event;
}

}  // namespace ledger
