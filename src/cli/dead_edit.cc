#include "pawl/cli/dead_edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "pawl/cli/patiently.h"
#include "pawl/cli/table.h"
#include "pawl/cli/whole_letter.h"
#include "pawl/codec/command_decoder.h"
#include "pawl/codec/fingerprint.h"
#include "pawl/codec/message_id.h"
#include "pawl/codec/text.h"
#include "pawl/dead_letters/edited_redrive.h"
#include "pawl/dead_letters/letter_json.h"

namespace pawl::cli {
namespace {

using codec::CommandType;
using dead_letters::EditedCommand;
using dead_letters::EditOutcome;
using dead_letters::Letter;
using nlohmann::ordered_json;
using Types = std::vector<const CommandType*>;

const std::string kProgram = "pawl dead redrive --edit";
constexpr std::size_t kValueBytesMax = 60;  // on a page; --json has all of it

[[noreturn]] void refuse(ExitCode code, const std::string& why) {
  throw Complaint(code, fmt::format("{}: {}", kProgram, why));
}

[[noreturn]] void refuse(const Letter& letter, const std::string& why) {
  refuse(ExitCode::failed, fmt::format("{} {}", letter.id.to_string(), why));
}

void require_one_letter(const DeadEdit& edit) {
  DeadSelection others = edit.selection;
  others.ids.clear();
  if (edit.selection.ids.size() == 1 && !others.narrows() && !edit.all) return;
  refuse(ExitCode::usage,
         "one command is edited at a time: give the id of one dead letter, and nothing else that "
         "chooses");
}

void require_allowed(const config::Settings& settings) {
  if (settings.dead_letters.allow_edit) return;
  refuse(ExitCode::configuration,
         "editing commands is off; `allow_edit = true` in [dead_letters] turns it on "
         "(PAWL_DEAD_LETTERS__ALLOW_EDIT)");
}

void require_may_go(const Letter& letter, int redrives_max) {
  if (letter.state != dead_letters::State::dead)
    refuse(letter, fmt::format("is {}, not dead", to_string(letter.state)));
  if (letter.redrives >= redrives_max)
    refuse(letter, fmt::format("was handed back {} times already (--redrives-max)", redrives_max));
}

const CommandType& type_of(const Letter& letter, const Types& types) {
  std::string known;
  for (const CommandType* type : types) {
    if (type->name == letter.type) return *type;
    known += (known.empty() ? "" : ", ") + type->name;
  }
  refuse(letter,
         fmt::format("is of type {}, which this program does not know, so nothing can be checked "
                     "against it; it knows {}",
                     codec::in_quotes(letter.type),
                     known));
}

std::string read_all(const std::string& file) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened)
      refuse(ExitCode::usage, fmt::format("cannot read {}: {}", file, std::strerror(errno)));
  }
  std::istream& input = file == "-" ? std::cin : opened;
  std::string text(codec::CommandDecoder::kValueBytesMax + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(input.gcount()));
  if (text.size() > codec::CommandDecoder::kValueBytesMax)
    refuse(ExitCode::usage, fmt::format("{} is larger than any command may be", file));
  return text;
}

EditedCommand edited_command(const WholeLetter& original,
                             const CommandType& type,
                             const std::string& json) {
  const Letter& letter = original.letter;
  const Uuid id = codec::new_message_id(SystemClock{}.wall());
  auto record = codec::edited_record(original.record(),
                                     {.type = type,
                                      .json = json,
                                      .id = id,
                                      .original_id = letter.message_id,
                                      .topic = letter.lane.topic});
  if (!record) refuse(ExitCode::usage, fmt::format("this is no {}: {}", type.name, record.error()));
  return {id, *std::move(record), codec::fingerprint(letter.payload.value_or(std::string{}))};
}

// As the consumer will read it.
Decoded decode_edited(const WholeLetter& original,
                      const EditedCommand& edited,
                      const Types& types) {
  WholeLetter as_edited = original;
  as_edited.letter.payload = edited.record.payload;
  as_edited.headers = codec::headers_of_json(edited.record.headers);
  Decoded decoded = decode(as_edited.record(), original.letter.lane.topic, types);
  if (!decoded.problem.empty()) refuse(ExitCode::usage, decoded.problem);
  return decoded;
}

ordered_json field_of(const ordered_json& command, const std::string& name) {
  const auto field = command.find(name);
  return field == command.end() ? ordered_json(nullptr) : *field;
}

// Of the command's own fields, not of those inside. What could not be read had none.
ordered_json changes(const Decoded& before, const Decoded& after) {
  const ordered_json was =
      before.problem.empty() ? ordered_json::parse(before.json) : ordered_json::object();
  const ordered_json is = ordered_json::parse(after.json);
  ordered_json names = is;
  names.update(was);
  ordered_json changed = ordered_json::object();
  for (const auto& [name, unused] : names.items()) {
    ordered_json from = field_of(was, name), to = field_of(is, name);
    if (from != to) changed[name] = {{"from", std::move(from)}, {"to", std::move(to)}};
  }
  return changed;
}

std::string cell(const ordered_json& value) {
  const std::string text = dead_letters::dumped(value);
  const std::string_view shown = codec::cut_text(text, kValueBytesMax);
  return std::string(shown) + (shown.size() < text.size() ? "…" : "");
}

void print_plan(const Decoded& before, const ordered_json& changed) {
  print(changed.empty() ? "1 would be handed back as a new command, which says the same"
                        : "1 would be handed back as a new command:");
  if (!before.problem.empty())
    print(fmt::format("(as it was it cannot be read: {})", before.problem));
  if (changed.empty()) return;
  Table table{{"field", "was", "would be"}};
  table.left_aligned();
  for (const auto& [name, change] : changed.items())
    table.add({name, cell(change["from"]), cell(change["to"])});
  print(table.lines());
}

void hand_back(Selected& selected,
               const DeadEdit& edit,
               const Letter& letter,
               const EditedCommand& edited) {
  const dead_letters::Redrive redrive{
      selected.filter, edit.decision.who, edit.decision.reason, edit.redrives_max};
  switch (patiently([&] { return redrive_edited(selected.connection, redrive, edited); })) {
    case EditOutcome::handed_back:
      return;
    case EditOutcome::gone:
      refuse(letter, "cannot go: somebody has decided about it, or its partition has no position");
    case EditOutcome::ended:
      refuse(letter,
             fmt::format("has a twin: another record with the id {} was handled, edited or given "
                         "up on, and under a new id it might be done twice",
                         letter.message_id.to_string()));
  }
}

ordered_json json_of(const DeadEdit& edit, const Selected& selected) {
  return outcome_json("edit",
                      edit.decision,
                      selected.settings.consumer.name,
                      selected.filter,
                      1,
                      /*complete=*/true);
}

void tell_plan(const DeadEdit& edit,
               const Selected& selected,
               const Decoded& before,
               const Decoded& after) {
  const ordered_json changed = changes(before, after);
  if (!edit.decision.json) return print_plan(before, changed);
  ordered_json json = json_of(edit, selected);
  json["changes"] = changed;
  print(dead_letters::dumped(json, 2));
}

void tell_done(const DeadEdit& edit,
               const Selected& selected,
               const Letter& letter,
               const EditedCommand& edited) {
  if (!edit.decision.json) {
    return print(fmt::format("1 handed back: {} instead of {}",
                             edited.message_id.to_string(),
                             letter.message_id.to_string()));
  }
  ordered_json json = json_of(edit, selected);
  json["edited_as"] = edited.message_id.to_string();
  json["edited_from"] = letter.message_id.to_string();
  print(dead_letters::dumped(json, 2));
}

}  // namespace

ExitCode redrive_edited(const DeadEdit& edit, const Types& types, const Invocation& invocation) {
  require_one_letter(edit);
  require_reason(edit.decision, kProgram);
  Selected selected{edit.selection, invocation, "pawl dead redrive"};
  require_allowed(selected.settings);
  const WholeLetter original = read_whole(selected, kProgram);
  require_may_go(original.letter, edit.redrives_max);
  const EditedCommand edited =
      edited_command(original, type_of(original.letter, types), read_all(edit.file));
  const Decoded after = decode_edited(original, edited, types);
  if (edit.decision.dry_run) {
    tell_plan(edit, selected, decode(original.record(), original.letter.lane.topic, types), after);
  } else {
    hand_back(selected, edit, original.letter, edited);
    tell_done(edit, selected, original.letter, edited);
  }
  return ExitCode::ok;
}

}  // namespace pawl::cli
