// kcat, a Kafka client that knows nothing of us.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pawl::test {

struct KcatRecord {
  std::string key;
  std::string value;
  std::map<std::string, std::string> headers;
};

/// Produces one record and waits for its acknowledgement. Throws std::runtime_error with kcat's
/// words.
void kcat_produce(const std::string& brokers, const std::string& topic, const KcatRecord& record);

/// The topic from its beginning to its present end, partition by partition. Header values must hold
/// no comma.
[[nodiscard]] std::vector<KcatRecord> kcat_consume(const std::string& brokers,
                                                   const std::string& topic);

}  // namespace pawl::test
