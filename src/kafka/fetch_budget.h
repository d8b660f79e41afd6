// How much each lane may prefetch, and how the fetcher is kept going. Inside src/kafka only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "pawl/kafka/configuration.h"

namespace pawl::kafka {

/// The prefetch limits of one lane. librdkafka counts only values against its byte limit, while a
/// small record costs several hundred bytes more in memory (an estimate), so both limits are
/// needed.
struct FetchBudget {
  std::size_t records;      // queued.min.messages: fetching stops above it
  std::size_t kilobytes;    // queued.max.messages.kbytes: likewise, bytes of values
  std::size_t fetch_bytes;  // fetch.message.max.bytes: by so much the limits may be overshot
};

/// Divides `memory_bytes` among `lanes`. Pure.
[[nodiscard]] FetchBudget fetch_budget(std::size_t memory_bytes, std::size_t lanes) noexcept;

/// Wakes librdkafka's broker threads so that they look at once whether a lane may be fetched again.
/// Before 2.2.0 a broker thread whose lanes are all above their limits sleeps up to 1 s
/// (rd_kafka_max_block_ms) and nothing that reading does wakes it; later versions have
/// fetch.queue.backoff.ms instead. The only public call that wakes broker threads and changes
/// nothing is rd_kafka_sasl_set_credentials() with the credentials that are already set: it is used
/// where these matter to nobody (no SASL) or are known (PLAIN, SCRAM). Thread-safe.
class FetchNudge {
 public:
  /// Sets fetch.queue.backoff.ms where it exists; otherwise remembers the credentials.
  FetchNudge(Configuration& configuration, const KafkaSettings& settings);

  /// Whether it is of use; where it is not, a lane must hold what is consumed in a second.
  [[nodiscard]] bool needed() const noexcept { return needed_; }
  [[nodiscard]] bool possible() const noexcept { return credentials_.has_value(); }
  void operator()(rd_kafka_t* client) const;

 private:
  struct Credentials {
    std::string username;
    std::string password;
  };
  bool needed_ = false;
  std::optional<Credentials> credentials_;
};

}  // namespace pawl::kafka
