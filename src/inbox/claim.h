// The inbox: which messages this consumer has already ended. Set-wise, one statement for a whole
// batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pawl/core/ending.h"
#include "pawl/core/uuid.h"
#include "pawl/postgres/connection.h"

namespace pawl::inbox {

/// One message to be claimed. Ids are distinct within one call.
struct Claim {
  Uuid id;
  std::int64_t fingerprint;  // of the payload
};

/// Ids stamped less than this before or after a rotation may be in either generation: clocks
/// differ.
inline constexpr std::int64_t kClockMarginMs = 10 * 60 * 1000;

/// Takes the shared lock that holds rotation off until the transaction ends. Must be a statement of
/// its own, before the others: they read the pointer in a later snapshot.
extern const postgres::Statement kHoldGeneration;

/// Remembers the newest stamp of a batch when it is ahead of the database's clock by more than the
/// margin; then "stamped after the rotation" proves nothing about ids up to that stamp.
extern const postgres::Statement kNoteStamp;
void encode_stamp(std::span<const Claim> claims, postgres::Parameters& into);

/// Inserts the ids that are new; returns (message_id, fingerprint as claimed then) of those that
/// are not: duplicates. Fails as a unique violation when another transaction has claimed one of the
/// ids since this statement began: claim again.
extern const postgres::Statement kClaim;
void encode_claims(std::span<const Claim> claims,
                   std::int16_t consumer,
                   postgres::Parameters& into);

/// Takes claims of this very transaction back: these commands will be tried again.
extern const postgres::Statement kUnclaim;
void encode_ids(std::span<const Uuid> ids, std::int16_t consumer, postgres::Parameters& into);

/// How a claimed message ended, when not by completing. `code` is the rejection's or the failure's
/// word.
struct Ended {
  Uuid id;
  Ending ending;  // rejected or exhausted
  std::string code;
};

/// Messages that ended in the same way. A batch has few of these: one per code.
struct EndedAlike {
  Ending ending;
  std::string code;
  std::vector<Uuid> ids;
};
[[nodiscard]] std::vector<EndedAlike> group(std::span<const Ended> endings);

extern const postgres::Statement kMarkEndings;
void encode_endings(const EndedAlike& alike, std::int16_t consumer, postgres::Parameters& into);

}  // namespace pawl::inbox
