// A record whose command an operator has corrected: a new command, linked to the one it was.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "pawl/codec/command_type.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"

namespace pawl::codec {

/// Holds the message id of the command that this one was made from.
inline constexpr std::string_view kEditedFromHeader = "pawl_edited_from";

struct Edit {
  const CommandType& type;
  std::string_view json;   // the whole corrected command, in Protobuf's JSON form
  Uuid id;                 // the new command's
  Uuid original_id;        // message id of the original
  std::string_view topic;  // where the original was read: the source of a record that names none
};

struct EditedRecord {
  std::string headers;  // as headers_json() writes them
  std::string payload;
};

/// The record that takes the original's place, always in CloudEvents' binary mode, whatever the
/// original was and however broken: its payload in the original's content type (Protobuf where that
/// is not known), ce_id new, ce_source as before, ce_correlationid the original's or else its id,
/// ce_causationid its id, kEditedFromHeader its message id; all other headers as they were. Of a
/// structured event only the attributes that Pawl reads are carried over. The error says what is
/// wrong with the JSON: it names the field, quotes no value. Thread-safe.
[[nodiscard]] std::expected<EditedRecord, std::string> edited_record(const Record& original,
                                                                     const Edit& edit);

}  // namespace pawl::codec
