#include "pawl/kafka/fetch_budget.h"

#include <algorithm>

namespace pawl::kafka {
namespace {

constexpr std::size_t kRecordCost =
    1024;  // an operation of librdkafka, its headers, key and a small value

// Enough for a few turns of a lane. With more lanes than the budget has room for it is this that
// counts.
constexpr std::size_t kRecordsMin = 256;

std::string value_of(const KafkaSettings& settings, const std::string& name) {
  const auto found = settings.properties.find(name);
  return found == settings.properties.end() ? std::string{} : found->second;
}

bool uses_password(const KafkaSettings& settings) {
  std::string mechanism = value_of(settings, "sasl.mechanisms");
  if (mechanism.empty()) mechanism = value_of(settings, "sasl.mechanism");
  return mechanism == "PLAIN" || mechanism.starts_with("SCRAM-");
}

bool uses_sasl(const KafkaSettings& settings) {
  const std::string protocol = value_of(settings, "security.protocol");
  return protocol.starts_with("sasl") || protocol.starts_with("SASL");
}

}  // namespace

FetchBudget fetch_budget(std::size_t memory_bytes, std::size_t lanes) noexcept {
  const std::size_t share = memory_bytes / std::max<std::size_t>(lanes, 1);
  return {
      .records = std::clamp<std::size_t>(share / kRecordCost, kRecordsMin, 100'000),
      .kilobytes = std::clamp<std::size_t>(share / 1024, 256, 1'000'000),
      .fetch_bytes = std::clamp<std::size_t>(share / 8, 64 * 1024, 1024 * 1024),
  };
}

FetchNudge::FetchNudge(Configuration& configuration, const KafkaSettings& settings) {
  needed_ = !configuration.set_if_known("fetch.queue.backoff.ms", "10");
  if (!needed_) return;
  if (!uses_sasl(settings)) {
    credentials_ = Credentials{};
  } else if (uses_password(settings)) {
    credentials_ =
        Credentials{value_of(settings, "sasl.username"), value_of(settings, "sasl.password")};
  }
}

void FetchNudge::operator()(rd_kafka_t* client) const {
  if (!credentials_) return;
  const ErrorHandle ignored{rd_kafka_sasl_set_credentials(
      client, credentials_->username.c_str(), credentials_->password.c_str())};
}

}  // namespace pawl::kafka
