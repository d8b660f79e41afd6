// The ledger's commands as bytes. Protobuf's generated headers stay in the .cc file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pawl/codec/content_type.h"

namespace command_publisher {

/// Writes into a string that the caller reuses. JSON is written by hand, ten times as fast as
/// Protobuf's printer; texts must need no escaping. One thread at a time.
class PayloadWriter {
 public:
  /// Payloads are filled up to `bytes_min`: binary ones by a field that no schema has, which
  /// readers skip; JSON by blanks.
  PayloadWriter(pawl::codec::Encoding encoding, std::size_t bytes_min);
  ~PayloadWriter();
  PayloadWriter(PayloadWriter&&) noexcept;
  PayloadWriter& operator=(PayloadWriter&&) noexcept;

  void open_account(std::int64_t account,
                    std::string_view currency,
                    std::int64_t limit,
                    std::string& into);
  void transfer(std::int64_t debit,
                std::int64_t credit,
                std::int64_t amount,
                std::string_view currency,
                std::string_view memo,
                std::string& into);
  void capture(std::string_view payment,
               std::int64_t account,
               std::int64_t amount,
               std::string_view currency,
               std::string& into);
  void close_month(std::int64_t account, std::string_view month, std::string& into);

 private:
  struct Messages;
  void fill_up(std::string& payload) const;

  pawl::codec::Encoding encoding_;
  std::size_t bytes_min_;
  std::unique_ptr<Messages> messages_;  // reused: their strings keep their memory
};

}  // namespace command_publisher
