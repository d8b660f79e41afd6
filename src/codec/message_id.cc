#include "pawl/codec/message_id.h"

#include <openssl/sha.h>

#include <algorithm>
#include <random>
#include <string>

namespace pawl::codec {
namespace {

Uuid hashed(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<std::uint8_t, 16> first;
  std::copy_n(digest.begin(), first.size(), first.begin());
  return Uuid::v8(first);
}

}  // namespace

Uuid message_id(std::string_view source, std::string_view id) {
  if (const auto uuid = Uuid::parse(id)) return *uuid;
  std::string text;
  text.reserve(source.size() + 1 + id.size());
  text.append(source).append(1, '\0').append(id);
  return hashed(text);
}

Uuid id_of_position(std::string_view topic, std::int32_t partition, std::int64_t offset) {
  // Topics hold no '/', so no (source, id) pair hashes to the same text.
  return hashed(std::string(topic) + '/' + std::to_string(partition) + '/' +
                std::to_string(offset));
}

Uuid new_message_id(WallTime now) {
  std::random_device chance;
  const auto word = [&chance] { return std::uint64_t{chance()} << 32U | chance(); };
  return Uuid::v7(now.time_since_epoch(), word(), word());
}

}  // namespace pawl::codec
