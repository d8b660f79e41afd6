// Held keys and parked commands in SQL.
#pragma once

#include <cstdint>
#include <vector>

#include "pawl/engine/parking.h"
#include "pawl/postgres/connection.h"

namespace pawl::engine {

/// Marks that attempts begin, and reads heads with what is behind them.
extern const postgres::Statement kTakeParked;
void encode(const TakeParkedRequest& request, std::int16_t consumer, postgres::Parameters& into);
[[nodiscard]] TakeParkedAnswer decode_parked(const postgres::Result& result);

// ---- what a batch changes; each is to affect as many rows as it is given
extern const postgres::Statement kPark;
void encode(const std::vector<ParkedCommand>& parked,
            std::int16_t consumer,
            postgres::Parameters& into);
extern const postgres::Statement kEndParked;
void encode(const std::vector<ParkedEnd>& ended, std::int16_t consumer, postgres::Parameters& into);
extern const postgres::Statement kHold;
void encode(const std::vector<HeldKeyRow>& held, std::int16_t consumer, postgres::Parameters& into);
/// Only a key that holds nothing any more.
extern const postgres::Statement kRelease;
void encode(const std::vector<HeldKeyPlace>& released,
            std::int16_t consumer,
            postgres::Parameters& into);

/// The held keys of lanes: $1 topics, $2 partitions, $3 consumer.
extern const postgres::Statement kReadHeld;
[[nodiscard]] std::vector<HeldKeyFound> decode_held(const postgres::Result& result);

}  // namespace pawl::engine
