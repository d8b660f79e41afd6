#include "pawl/kafka/configuration.h"

#include <array>

namespace pawl::kafka {
namespace {

// Called from librdkafka's threads; the opaque is the client's own LogSink.
void forward_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const auto* sink = static_cast<const LogSink*>(rd_kafka_opaque(client));
  if (sink != nullptr && *sink) (*sink)(level, facility, text);
}

}  // namespace

Configuration::Configuration() : conf_(rd_kafka_conf_new()), log_(std::make_unique<LogSink>()) {
  rd_kafka_conf_set_log_cb(conf_.get(), &forward_log);
  rd_kafka_conf_set_opaque(conf_.get(), log_.get());
  // The library's ten seconds would be added to every restart of a broker.
  set("reconnect.backoff.max.ms", "2000");
}

Configuration& Configuration::set(const std::string& name, const std::string& value) {
  std::array<char, 512> text{};
  if (rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), text.data(), text.size()) !=
      RD_KAFKA_CONF_OK) {
    // The library's text repeats the value.
    const std::string detail = property_secret(name) ? "value refused" : text.data();
    throw make_failure(Remedy::give_up,
                       RD_KAFKA_RESP_ERR__INVALID_ARG,
                       "kafka.properties." + name + " (" + detail + ")");
  }
  return *this;
}

bool Configuration::set_if_known(const std::string& name, const std::string& value) {
  return rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), nullptr, 0) ==
         RD_KAFKA_CONF_OK;
}

Configuration& Configuration::apply(const KafkaSettings& settings, Scope scope) {
  *log_ = settings.log;
  set("bootstrap.servers", settings.brokers);
  set("client.id", settings.client_id);
  for (const auto& [name, value] : settings.properties) {
    const Property* property = find_property(name);
    if (property == nullptr) {
      throw make_failure(Remedy::give_up,
                         RD_KAFKA_RESP_ERR__INVALID_ARG,
                         "kafka.properties." + name + " may not be set");
    }
    if (property->scope == Scope::both || property->scope == scope) set(name, value);
  }
  return *this;
}

Configuration& Configuration::events(int events) {
  rd_kafka_conf_set_events(conf_.get(), events);
  return *this;
}

Client Configuration::create(rd_kafka_type_t type) {
  std::array<char, 512> text{};
  rd_kafka_t* client = rd_kafka_new(type, conf_.get(), text.data(), text.size());
  if (client == nullptr) {
    throw make_failure(
        Remedy::give_up,
        rd_kafka_last_error(),
        std::string("cannot create a Kafka client from kafka.properties: ") + text.data());
  }
  static_cast<void>(conf_.release());  // the client owns it now
  return {std::move(log_), ClientHandle{client}};
}

}  // namespace pawl::kafka
