// What administrators do to topics, and Pawl's own client never does.
#pragma once

#include <cstdint>
#include <string>

namespace pawl::test {

/// Both speak Kafka's protocol to one broker, which is alone. Throw std::runtime_error with the
/// broker's error code.
void delete_topic(const std::string& bootstrap, const std::string& topic);
/// As retention does: what is below the offset is gone.
void delete_records(const std::string& bootstrap,
                    const std::string& topic,
                    std::int32_t partition,
                    std::int64_t below);

}  // namespace pawl::test
