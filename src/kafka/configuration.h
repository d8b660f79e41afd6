// Builds one librdkafka client from KafkaSettings. Inside src/kafka only.
#pragma once

#include <memory>
#include <string>

#include "pawl/kafka/failure.h"
#include "pawl/kafka/handle.h"
#include "pawl/kafka/property_table.h"
#include "pawl/kafka/settings.h"

namespace pawl::kafka {

/// A client and the log sink that its threads call; the sink outlives the client.
struct Client {
  std::unique_ptr<LogSink> log;
  ClientHandle handle;

  [[nodiscard]] rd_kafka_t* get() const noexcept { return handle.get(); }
};

/// Order of a client's properties: ours that a user may change (set before `apply`), the user's
/// (`apply`), ours that correctness rests on (set after it).
class Configuration {
 public:
  Configuration();

  /// Throws Failure(give_up) when librdkafka refuses; the text holds no secret.
  Configuration& set(const std::string& name, const std::string& value);
  /// False when this librdkafka does not know the property.
  bool set_if_known(const std::string& name, const std::string& value);
  /// Brokers, client id, log and the user's properties of this scope (consumer or producer).
  Configuration& apply(const KafkaSettings& settings, Scope scope);
  Configuration& events(int events);

  /// Throws Failure(give_up) when the properties contradict each other. Consumes the configuration.
  [[nodiscard]] Client create(rd_kafka_type_t type);

 private:
  ConfHandle conf_;
  std::unique_ptr<LogSink> log_;
};

}  // namespace pawl::kafka
