// A dead letter goes back to its consumer corrected: as a new command in the original's place.
#pragma once

#include <cstdint>

#include "pawl/codec/edited_record.h"
#include "pawl/dead_letters/redrive.h"

namespace pawl::dead_letters {

/// What goes back instead of the command that died.
struct EditedCommand {
  Uuid message_id;  // new
  codec::EditedRecord record;
  std::int64_t original_fingerprint;  // of the payload as received
};

enum class EditOutcome {
  handed_back,
  gone,   // it is no dead letter any more, was handed back too often, or its partition has no
          // position
  ended,  // a twin with the original's id was handled, edited or given up on instead: doing the
          // same under a new id might be doing it twice
};

/// Hands the one letter that `redrive` means back with key, lane and offset as they were, as
/// redrive_some() does, in one transaction with a row of audit (`dead.edit`, never the payload).
/// The letter becomes redriven; its own id stays dead for the dedupe window, so a repeat of it is a
/// duplicate. When the new command dies, the redrives of the original count on. Whoever is killed
/// in between has changed nothing, or all. Throws Failure; rerun_now when the consumer was in the
/// way: try again.
EditOutcome redrive_edited(postgres::Connection& connection,
                           const Redrive& redrive,
                           const EditedCommand& edited);

}  // namespace pawl::dead_letters
