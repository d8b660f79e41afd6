// Loaded into a program before librdkafka (LD_PRELOAD): when as many records were taken as
// FATAL_PRODUCER_AT says ("500,2000"), their producer suffers a fatal error, by librdkafka's own
// means. The broker's answers that cause one (a sequence that it has forgotten) cannot be had on
// command.
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<long> moments() {
  const char* list = std::getenv("FATAL_PRODUCER_AT");
  std::istringstream text{list == nullptr ? "" : list};
  std::vector<long> all;
  for (std::string moment; std::getline(text, moment, ',');) all.push_back(std::stol(moment));
  return all;
}

}  // namespace

extern "C" {

// Of librdkafka/rdkafka.h, which only src/kafka includes.
struct rd_kafka_s;
struct rd_kafka_vu_s;
struct rd_kafka_error_s;
int rd_kafka_test_fatal_error(rd_kafka_s* client, int error, const char* reason);
rd_kafka_error_s* rd_kafka_produceva(rd_kafka_s* client, const rd_kafka_vu_s* fields, size_t count);

constexpr int kOutOfOrderSequence = 45;  // RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER

rd_kafka_error_s* rd_kafka_produceva(rd_kafka_s* client,
                                     const rd_kafka_vu_s* fields,
                                     size_t count) {
  using Function = decltype(rd_kafka_produceva);
  static auto* const next = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, "rd_kafka_produceva"));
  static const std::vector<long> fatal = moments();
  static std::atomic<long> produced{0};
  rd_kafka_error_s* const answer = next(client, fields, count);
  if (answer != nullptr) return answer;  // a producer that has ended already takes no more
  if (std::ranges::find(fatal, ++produced) != fatal.end()) {
    rd_kafka_test_fatal_error(client, kOutOfOrderSequence, "the test says so");
  }
  return answer;
}

}  // extern "C"
