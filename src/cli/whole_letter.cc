#include "pawl/cli/whole_letter.h"

#include <fmt/format.h>

#include "pawl/codec/command_decoder.h"

namespace pawl::cli {

Record WholeLetter::record() const {
  std::vector<Header> views;
  views.reserve(headers.size());
  for (const codec::OwnedHeader& header : headers) views.push_back({header.name, header.value});
  return make_record(letter.key, letter.payload, views);
}

WholeLetter read_whole(Selected& selected, const std::string& program) {
  auto letters =
      dead_letters::Reader{selected.connection}.list(selected.filter, {.limit = 1, .whole = true});
  if (letters.empty()) {
    throw Complaint(ExitCode::failed,
                    fmt::format("{}: consumer {} has no dead letter {}; `pawl dead list --state "
                                "all` has them",
                                program,
                                selected.settings.consumer.name,
                                selected.filter.ids.front().to_string()));
  }
  auto headers = codec::headers_of_json(letters.front().headers);
  return {std::move(letters.front()), std::move(headers)};
}

Decoded decode(const Record& record,
               const std::string& topic,
               const std::vector<const codec::CommandType*>& types) {
  codec::MessageArena arena;
  const auto command = codec::CommandDecoder{types}.decode(record, topic, arena);
  if (!command) return {"", command.error().text};
  return {command->type->to_json(command->message), ""};
}

}  // namespace pawl::cli
