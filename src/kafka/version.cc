#include "pawl/kafka/version.h"

#include <librdkafka/rdkafka.h>

namespace pawl::kafka {

std::string library_version() {
  return rd_kafka_version_str();
}

}  // namespace pawl::kafka
