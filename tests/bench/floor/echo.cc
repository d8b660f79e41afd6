#include "bench/floor/echo.h"

#include <array>

#include "pawl/kafka/record_producer.h"
#include "pawl/kafka/record_reader.h"
#include "pawl/postgres/connection.h"

namespace pawl::bench {
namespace {

using namespace std::chrono_literals;
using postgres::Connection;
using postgres::Parameters;
using postgres::Statement;

constexpr auto kPoll = 50ms;

const Statement kMakeTable{"", "CREATE TABLE echo (message_id uuid PRIMARY KEY)"};
const Statement kRemember{"echo", "INSERT INTO echo VALUES ($1)"};

Uuid id_of(const Record& command) {
  const auto header = command.header("ce_id");
  const auto id = header && header->value ? Uuid::parse(*header->value) : std::nullopt;
  if (!id) throw std::runtime_error("a command of the benchmark has no ce_id");
  return *id;
}

}  // namespace

Echo::Echo(const Stage& stage)
    : thread_([this, &stage](const std::stop_token& stop) {
        try {
          run(stage, stop);
        } catch (...) {
          failure_ = std::current_exception();
        }
      }) {}

void Echo::stop() {
  thread_.request_stop();
  thread_.join();
  if (failure_) std::rethrow_exception(failure_);
}

void Echo::run(const Stage& stage, const std::stop_token& stop) {
  Connection connection = stage.connect();
  connection.execute(kMakeTable);
  kafka::RecordReader reader{stage.servers().kafka(), stage.commands()};
  kafka::RecordProducer events{{.kafka = stage.servers().kafka(), .linger = 0ms}};
  const std::string topic = stage.events();
  while (!stop.stop_requested()) {
    const auto command = reader.poll(kPoll);
    if (!command) continue;
    const Uuid id = id_of(*command);
    Parameters parameters;
    parameters.add(id);
    connection.execute(kRemember, parameters);
    const std::string cause = id.to_string();
    const std::array headers{Header{"ce_causationid", cause}};
    events.produce({.topic = topic,
                    .partition = std::nullopt,
                    .key = command->key,
                    .value = command->value,
                    .headers = headers,
                    .timestamp = {}});
  }
}

}  // namespace pawl::bench
