// What a load looks like. The same shape and the same times give the same records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "pawl/codec/content_type.h"

namespace command_publisher {

enum class IdKind {
  v7,      // ordered by time, as most producers make them
  random,  // version 4: the worst case for an index
};

/// Which accounts are used more than others; all zero: all alike. At most one of both kinds.
struct Skew {
  double zipf_exponent = 0;       // account k is used in proportion to 1 / k^exponent
  double hot_share = 0;           // this share of all commands, 0…1, …
  std::int64_t hot_accounts = 0;  // … is on so many accounts
};

/// Shares are parts of all records after the accounts were opened, 0…1; together at most 1, the
/// rest are transfers.
struct LoadShape {
  std::int64_t accounts =
      1000;  // at least 2; numbered from first_account, the first ones are the hot ones
  std::int64_t first_account = 1;
  bool open_accounts =
      true;  // begin with an OpenAccount for each, with a limit that no load uses up
  Skew skew{};
  double captures = 0.05;           // CapturePayment
  double closings = 0;              // CloseMonth: the accounts in turn, month after month
  double duplicates = 0;            // an earlier record again: same id, key and payload
  std::size_t remembered = 65'536;  // how many records back that is at most, at least 1
  double rejections = 0;            // commands that the ledger must reject
  double garbage = 0;               // records that are no commands
  pawl::codec::Encoding encoding = pawl::codec::Encoding::protobuf;
  IdKind ids = IdKind::v7;
  std::uint64_t seed = 1;
  std::string memo;                  // of every transfer; empty: an invoice's number
  std::size_t payload_bytes = 0;     // payloads are filled up to this size
  std::string source = "pawl-load";  // CloudEvents source
};

}  // namespace command_publisher
