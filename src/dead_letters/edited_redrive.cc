#include "pawl/dead_letters/edited_redrive.h"

#include <nlohmann/json.hpp>

#include "pawl/dead_letters/handing_back.h"
#include "pawl/postgres/open_transaction.h"

namespace pawl::dead_letters {
namespace {

using postgres::Connection;
using postgres::Parameters;
using postgres::Statement;

// The inbox's rule for whoever writes it, pawl/inbox/claim.h: before, and apart from, what reads
// the current generation.
const Statement kHoldGeneration{"edit_hold_generation",
                                "SELECT pg_advisory_xact_lock_shared(hashtext('pawl.inbox'))"};

// 2: exhausted. 3: edited, which is neither counted as exhausted any more nor as a command that
// ended. A row of its own for what has none: what could not be read, or died longer ago than the
// inbox remembers. Before the position, as the engine does it: it waits here for a claim of the
// same id that is on its way. False: the id has ended by a twin.
const Statement kEndOriginal{"edit_end_original", R"(
WITH marked AS (
  UPDATE pawl.inbox i SET ending = 3 FROM pawl.dead_letter d
  WHERE d.id = ANY ($1) AND d.class <> 'undecodable' AND i.message_id = d.message_id AND i.consumer = d.consumer
    AND i.ending = 2
  RETURNING 1),
added AS (
  INSERT INTO pawl.inbox (message_id, consumer, generation, ending, fingerprint)
  SELECT d.message_id, d.consumer, r.current, 3, $2 FROM pawl.dead_letter d JOIN pawl.rotation r ON r.name = 'inbox'
  WHERE d.id = ANY ($1)
    AND NOT EXISTS (SELECT FROM pawl.inbox i WHERE i.message_id = d.message_id AND i.consumer = d.consumer)
  ON CONFLICT DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT FROM marked) OR EXISTS (SELECT FROM added))"};

const Statement kParkEdited{"edit_park", parking_sql("$2", "$3::jsonb", "$4")};

const Statement kLink{"edit_link",
                      "UPDATE pawl.dead_letter SET edited_as = $2 WHERE id = ANY ($1)"};

Parameters parameters_of(std::span<const Uuid> letters) {
  Parameters parameters;
  parameters.add_array(letters);
  return parameters;
}

bool end_original(Connection& connection, std::span<const Uuid> letters, std::int64_t fingerprint) {
  connection.execute(kHoldGeneration, {});
  Parameters parameters = parameters_of(letters);
  parameters.add(fingerprint);
  return connection.execute(kEndOriginal, parameters).boolean(0, 0);
}

void park(Connection& connection, std::span<const Uuid> letters, const EditedCommand& edited) {
  Parameters parameters = parameters_of(letters);
  parameters.add(edited.message_id);
  parameters.add(std::string_view(edited.record.headers));
  parameters.add_bytes(edited.record.payload);
  connection.execute(kParkEdited, parameters);
}

void link(Connection& connection, std::span<const Uuid> letters, const EditedCommand& edited) {
  Parameters parameters = parameters_of(letters);
  parameters.add(edited.message_id);
  connection.execute(kLink, parameters);
}

std::string noted_filter(const Redrive& redrive, const EditedCommand& edited) {
  auto json = nlohmann::json::parse(to_json(dead_ones(redrive)));
  json["edited_as"] = edited.message_id.to_string();
  return json.dump();
}

}  // namespace

EditOutcome redrive_edited(Connection& connection,
                           const Redrive& redrive,
                           const EditedCommand& edited) {
  postgres::OpenTransaction transaction{connection};
  const std::vector<Uuid> letters = choose(connection, redrive, 1);
  if (letters.empty()) return EditOutcome::gone;
  if (!end_original(connection, letters, edited.original_fingerprint)) return EditOutcome::ended;
  hold(connection, letters);
  park(connection, letters, edited);
  link(connection, letters, edited);
  settle(connection,
         letters,
         {.action = "dead.edit",
          .who = redrive.who,
          .filter = noted_filter(redrive, edited),
          .reason = redrive.reason});
  transaction.commit();
  return EditOutcome::handed_back;
}

}  // namespace pawl::dead_letters
