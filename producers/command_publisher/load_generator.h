// Makes ledger commands, good and bad ones. Pure: no Kafka, no clock, no chance of its own.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "command_publisher/load_shape.h"
#include "command_publisher/payload_writer.h"
#include "command_publisher/random.h"
#include "command_publisher/zipf.h"
#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"

namespace command_publisher {

/// What a record is meant to be. Closed.
enum class Kind { open, transfer, capture, closing, rejection, duplicate, garbage };

inline constexpr std::array kKinds{Kind::open,
                                   Kind::transfer,
                                   Kind::capture,
                                   Kind::closing,
                                   Kind::rejection,
                                   Kind::duplicate,
                                   Kind::garbage};

constexpr std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::open:
      return "open";
    case Kind::transfer:
      return "transfer";
    case Kind::capture:
      return "capture";
    case Kind::closing:
      return "closing";
    case Kind::rejection:
      return "rejection";
    case Kind::duplicate:
      return "duplicate";
    case Kind::garbage:
      return "garbage";
  }
  return "impossible";
}

/// Ready for Kafka. The views live until the next call of next().
struct GeneratedRecord {
  Kind kind;
  pawl::Uuid id;  // of garbage too, where it has one
  std::string_view key;
  std::optional<std::string_view> value;
  std::span<const pawl::Header> headers;
};

struct KindCounts {
  std::array<std::uint64_t, kKinds.size()> by_kind{};

  [[nodiscard]] std::uint64_t of(Kind kind) const {
    return by_kind.at(static_cast<std::size_t>(kind));
  }
  [[nodiscard]] std::uint64_t all() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : by_kind) sum += count;
    return sum;
  }
};

/// One thread at a time. About 0.5 µs a record in Protobuf's binary format.
class LoadGenerator {
 public:
  /// Throws std::invalid_argument naming the member of the shape that makes no sense.
  explicit LoadGenerator(LoadShape shape);

  /// Whether the next record opens an account. Transfers are accepted once their accounts are open:
  /// whoever wants none rejected waits here until the consumer has caught up.
  [[nodiscard]] bool opening() const noexcept { return opened_ < accounts_to_open_; }

  /// `now` becomes the time inside version 7 ids.
  GeneratedRecord next(pawl::WallTime now);

  /// What next() has given out until now.
  [[nodiscard]] const KindCounts& counts() const noexcept { return counts_; }
  [[nodiscard]] const LoadShape& shape() const noexcept { return shape_; }

 private:
  /// All that a command is made from, so that remembering it is cheap and repeating it exact.
  struct Origin {
    Kind kind = Kind::transfer;
    std::int64_t number = 0;  // of the account that is opened; of the closing, from 0
    std::uint64_t seed = 0;
    std::int64_t stamp_ms = 0;
  };

  Origin draw(pawl::WallTime now);
  void remember(const Origin& origin);
  [[nodiscard]] const Origin& earlier();
  void compose(const Origin& origin);
  void compose_transfer(Random& random);
  void compose_closing(std::int64_t number);
  void compose_rejection(Random& random);
  void spoil(Random& random);
  void address(const Origin& origin, Random& random);
  void set_key(std::int64_t account);
  void set_type(std::string_view type);
  [[nodiscard]] std::int64_t account(Random& random) const;
  [[nodiscard]] std::int64_t other_account(Random& random, std::int64_t than) const;

  LoadShape shape_;
  std::int64_t accounts_to_open_;
  std::int64_t opened_ = 0;
  std::int64_t closed_ = 0;
  Random random_;
  std::optional<Zipf> zipf_;
  PayloadWriter writer_;
  std::vector<Origin> earlier_;  // a ring
  std::size_t oldest_ = 0;
  KindCounts counts_;

  // The record under way.
  pawl::Uuid id_;
  std::string id_text_;
  std::string type_;
  std::string key_;
  std::string payload_;
  bool tombstone_ = false;
  std::array<pawl::Header, 5> headers_;
  std::size_t header_count_ = 0;
};

}  // namespace command_publisher
