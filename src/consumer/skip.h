// Takes the record that a lane stands at out of its way: it becomes a dead letter without having
// been handled.
#pragma once

#include <cstdint>
#include <string>

#include "pawl/codec/command_decoder.h"
#include "pawl/config/settings.h"
#include "pawl/core/record.h"

namespace pawl {

struct SkipRequest {
  std::int16_t consumer;  // its number
  TopicPartition lane;
  std::int64_t next_offset;  // of the lane, as it was just read
  std::string who;
  std::string reason;
};

enum class Skipped {
  buried,     // it is a dead letter
  duplicate,  // its id had ended before: passed over as the consumer would have done
  moved,      // the lane does not stand there any more: nothing was done
};

/// `record` is the first one at or behind request.next_offset. One transaction: dead letter, its
/// record for the dead-letter topic, its id in the inbox, the position behind it, the row of audit.
/// A process that owns the lane loses its connections, takes its lanes back and reads on from
/// there. `decoder` says id and type; what it cannot decode is skipped, too. Throws Failure; after
/// rerun_now and reconnect_and_rerun the same call may be made again: done twice, the second finds
/// the lane moved.
Skipped skip(const config::Settings& settings,
             const codec::CommandDecoder& decoder,
             const SkipRequest& request,
             Record record);

}  // namespace pawl
