// The steps that take dead letters to the end of their keys' queues, for whoever has a transaction
// open. Internal to dead_letters. In this order: choose(), hold(), a way of parking, settle().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pawl/dead_letters/redrive.h"

namespace pawl::dead_letters {

/// The filter with the only state that can be handed back.
[[nodiscard]] Filter dead_ones(const Redrive& redrive);
/// The condition in SQL for what may be handed back, the cap left out; appends to `parameters`.
[[nodiscard]] std::string may_go(const Redrive& redrive, postgres::Parameters& parameters);

/// Locks at most `letters_max` letters that are to go, in the order of their offsets.
[[nodiscard]] std::vector<Uuid> choose(postgres::Connection& connection,
                                       const Redrive& redrive,
                                       std::int64_t letters_max);

/// Locks and raises the positions of these letters, counts them there, and holds their keys. From
/// here on nobody else parks anything of theirs until the transaction ends.
void hold(postgres::Connection& connection, std::span<const Uuid> letters);

/// SQL that parks the letters $1 behind what is parked of their keys, with these expressions (on
/// columns of pawl.dead_letter, or parameters) as what is parked.
[[nodiscard]] std::string parking_sql(std::string_view message_id,
                                      std::string_view headers,
                                      std::string_view payload);

/// What the audit is told about it.
struct Noted {
  std::string_view action;
  std::string_view who;
  std::string_view filter;  // JSON
  std::string_view reason;
};
void settle(postgres::Connection& connection, std::span<const Uuid> letters, const Noted& noted);

}  // namespace pawl::dead_letters
