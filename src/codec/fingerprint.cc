#include "pawl/codec/fingerprint.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace pawl::codec {

std::int64_t fingerprint(std::string_view bytes) noexcept {
  return std::bit_cast<std::int64_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace pawl::codec
