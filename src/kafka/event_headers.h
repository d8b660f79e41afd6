// The headers of an outbox row's record. Inside src/kafka only.
#pragma once

#include <string_view>

#include "pawl/core/outbox_row.h"
#include "pawl/kafka/handle.h"

namespace pawl::kafka {

/// The CloudEvents headers of DESIGN §8 from the row's columns.
[[nodiscard]] HeadersHandle cloud_event_headers(const OutboxRow& row);

/// Exactly the headers of a JSON array of [name, text | {"base64": …} | null]. Throws
/// Failure(give_up, "bad_headers") when it is anything else.
[[nodiscard]] HeadersHandle verbatim_headers(std::string_view json);

}  // namespace pawl::kafka
