// One dead letter with all that its record says.
#pragma once

#include <string>
#include <vector>

#include "pawl/cli/dead_selection.h"
#include "pawl/codec/command_type.h"
#include "pawl/codec/headers_json.h"
#include "pawl/dead_letters/reader.h"

namespace pawl::cli {

struct WholeLetter {
  dead_letters::Letter letter;
  std::vector<codec::OwnedHeader> headers;

  [[nodiscard]] Record record() const;
};

/// The one that was selected by its id. Throws Complaint when there is none. `program`: "pawl dead
/// show".
[[nodiscard]] WholeLetter read_whole(Selected& selected, const std::string& program);

/// A command as Protobuf's JSON, or why there is none.
struct Decoded {
  std::string json;
  std::string problem;
};
[[nodiscard]] Decoded decode(const Record& record,
                             const std::string& topic,
                             const std::vector<const codec::CommandType*>& types);

}  // namespace pawl::cli
