// How to reach Kafka, and which of librdkafka's own properties a user may set. No librdkafka header
// in here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::kafka {

/// librdkafka's own log lines. `level` is syslog's (3 error … 7 debug). Called from any of its
/// threads, must not wait.
using LogSink = std::function<void(int level, std::string_view facility, std::string_view text)>;

struct KafkaSettings {
  std::string brokers;                            // "host:9092,host:9092"
  std::map<std::string, std::string> properties;  // from `kafka.properties`; see property_allowed
  std::string client_id = "pawl";
  LogSink log;  // empty: lines are dropped
};

/// Whether `kafka.properties.<name>` may be set. What decides about correctness (offsets, acks,
/// assignor …) may not.
[[nodiscard]] bool property_allowed(std::string_view name) noexcept;

/// Whether the value must never be shown. True also for names that hold a secret in a newer
/// librdkafka.
[[nodiscard]] bool property_secret(std::string_view name) noexcept;

/// All allowed names, sorted, for error messages and help.
[[nodiscard]] std::vector<std::string_view> allowed_properties();

/// What is wrong with `kafka.properties.<name> = value`, as a sentence without secrets; empty when
/// nothing is. Local: asks librdkafka's parser, not a broker.
[[nodiscard]] std::optional<std::string> property_fault(const std::string& name,
                                                        const std::string& value);

}  // namespace pawl::kafka
