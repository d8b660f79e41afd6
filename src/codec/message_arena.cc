#include "pawl/codec/message_arena.h"

#include <google/protobuf/arena.h>

namespace pawl::codec {
namespace {

constexpr std::size_t kFirstBlockBytes = 64 * 1024;  // about 400 small commands
constexpr std::size_t kNextBlockBytes = 256 * 1024;
constexpr std::size_t kBlockBytesMax = 1024 * 1024;

google::protobuf::ArenaOptions options(char* first_block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = first_block;
  options.initial_block_size = kFirstBlockBytes;
  options.start_block_size = kNextBlockBytes;
  options.max_block_size = kBlockBytesMax;
  return options;
}

}  // namespace

MessageArena::MessageArena()
    : first_block_(std::make_unique_for_overwrite<char[]>(kFirstBlockBytes)),
      arena_(std::make_unique<google::protobuf::Arena>(options(first_block_.get()))) {}

MessageArena::~MessageArena() = default;

void MessageArena::reset() {
  arena_->Reset();
}

std::string_view MessageArena::keep(std::string text) {
  return *google::protobuf::Arena::Create<std::string>(arena_.get(), std::move(text));
}

}  // namespace pawl::codec
