// How the engine's events get into the outbox: one statement a batch, arrays as parameters.
#pragma once

#include <cstdint>

#include "pawl/core/outbox_rows.h"
#include "pawl/postgres/connection.h"
#include "pawl/postgres/parameters.h"

namespace pawl::outbox {

/// Adds rows to pawl.outbox; its affected() must equal the number of rows encoded. Parameters come
/// from encode(). The transaction has drawn the batch number itself with pawl.next_outbox_batch()
/// before. Takes the rotation's shared lock until the transaction ends.
extern const postgres::Statement kAppend;

/// Fills `into` (cleared first) for kAppend: `rows` become (batch, first_index), (batch,
/// first_index + 1), …. No allocation per row. Source of the meaning of an absent value:
/// core/outbox_row.h.
void encode(std::int64_t batch,
            std::int32_t first_index,
            const OutboxRows& rows,
            postgres::Parameters& into);

}  // namespace pawl::outbox
