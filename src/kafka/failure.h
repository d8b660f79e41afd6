// librdkafka's error codes turned around once: above src/kafka everybody asks a Failure for its
// remedy.
#pragma once

#include <librdkafka/rdkafka.h>

#include <string>

#include "pawl/core/failure.h"

namespace pawl::kafka {

/// What to do about a code when nothing else is known. Codes that concern one record or one topic
/// are retry_later; whoever cannot go on without that topic says give_up himself. Pure.
[[nodiscard]] Remedy remedy_for(rd_kafka_resp_err_t error) noexcept;

/// The failure of a call: `code()` is librdkafka's stable name ("_TRANSPORT"), `what()` is "<what>:
/// <library's text> (<name>)". `what` says which thing and what to do; it must hold no payload and
/// no secret.
[[nodiscard]] Failure make_failure(rd_kafka_resp_err_t error, const std::string& what);

/// The same with a remedy that the caller knows better.
[[nodiscard]] Failure make_failure(Remedy remedy,
                                   rd_kafka_resp_err_t error,
                                   const std::string& what);

}  // namespace pawl::kafka
