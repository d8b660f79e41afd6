#include "pawl/cli/send_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>

#include "pawl/cli/config_options.h"
#include "pawl/codec/command_encoder.h"
#include "pawl/codec/message_id.h"
#include "pawl/kafka/admin.h"
#include "pawl/kafka/record_producer.h"

namespace pawl::cli {
namespace {

using codec::CommandType;
using codec::Encoding;

constexpr std::chrono::seconds kAnswerMax{15};

struct Options {
  std::shared_ptr<ConfigOptions> config;
  std::string type;
  std::string json = "-";
  std::optional<std::string> key;
  std::string id;
  std::string format = "protobuf";
  std::string topic;
  std::string source = "pawl-send";
};

std::string footer(const SendableTypes& types) {
  std::string text = "\nTypes:\n";
  for (const CommandType* type : types.types) {
    const auto key = types.keys.find(type->name);
    text += fmt::format(
        "  {:<28}{}\n", type->name, key == types.keys.end() ? "" : "key: " + key->second);
  }
  return text + R"(
The JSON is checked against the type and sent as Protobuf (--format json: as it is). Sending one --id again is safe: the
consumer ends it as a duplicate. Without --topic it goes to consumer.commands_topic.

Exit code: 0 acknowledged by the broker, 1 refused, 64 the JSON does not fit the type, 75 no broker answers.

Examples:
  pawl send ledger.v1.OpenAccount '{"accountId": 7, "currency": "EUR", "overdraftLimit": 5000}' --brokers localhost:9092
  pawl send ledger.v1.TransferFunds --config ledger.toml < transfer.json)";
}

const CommandType& find_type(const SendableTypes& types, const std::string& name) {
  std::string known;
  for (const CommandType* type : types.types) {
    if (type->name == name) return *type;
    known += (known.empty() ? "" : ", ") + type->name;
  }
  throw Complaint(ExitCode::usage,
                  fmt::format("pawl send: unknown type \"{}\"; expected one of {}", name, known));
}

std::string read_json(const std::string& argument) {
  if (argument != "-") return argument;
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

struct Outgoing {
  std::string id;
  std::string topic;
  std::string key;
  std::string value;
  Encoding encoding;
};

Outgoing prepare(const Options& options, const SendableTypes& types, const SystemClock& clock) {
  const CommandType& type = find_type(types, options.type);
  const std::string json = read_json(options.json);
  auto binary = codec::binary_of_json(type, json);
  if (!binary) {
    throw Complaint(ExitCode::usage,
                    fmt::format("pawl send: this is no {}: {}", type.name, binary.error()));
  }
  const auto key = options.key ? options.key : key_of(type.name, json, types.keys);
  if (!key) {
    throw Complaint(
        ExitCode::usage,
        fmt::format("pawl send: no key: the JSON has no {}; give it, or --key",
                    types.keys.contains(type.name) ? types.keys.at(type.name) : "known key field"));
  }
  const bool as_json = options.format == "json";
  return {.id = options.id.empty() ? codec::new_message_id(clock.wall()).to_string() : options.id,
          .topic = options.topic,
          .key = *key,
          .value = as_json ? json : *std::move(binary),
          .encoding = as_json ? Encoding::json : Encoding::protobuf};
}

ExitCode deliver(const Outgoing& outgoing,
                 const Options& options,
                 const kafka::KafkaSettings& kafka,
                 WallTime now) {
  const auto pairs = codec::command_headers({.id = outgoing.id,
                                             .source = options.source,
                                             .type = options.type,
                                             .encoding = outgoing.encoding,
                                             .time = now});
  std::vector<Header> headers;
  for (const auto& [name, value] : pairs) headers.push_back({name, value});
  const std::array topics{outgoing.topic};
  static_cast<void>(kafka::require_topics(kafka, topics, kAnswerMax));
  kafka::RecordProducer producer{
      {.kafka = kafka, .linger = std::chrono::milliseconds{0}, .delivery_max = kAnswerMax}};
  producer.produce(
      {.topic = outgoing.topic, .key = outgoing.key, .value = outgoing.value, .headers = headers});
  producer.flush(kAnswerMax + std::chrono::seconds{1});
  if (!producer.last_delivered()) {
    throw Failure(
        Remedy::reconnect_and_rerun,
        "not_acknowledged",
        fmt::format("topic {} did not acknowledge id {} in time ({}); send it again with --id {}",
                    outgoing.topic,
                    outgoing.id,
                    producer.last_error().empty() ? "no answer" : producer.last_error(),
                    outgoing.id));
  }
  print(fmt::format("{} id={} topic={} partition={} offset={} key={}",
                    options.type,
                    outgoing.id,
                    outgoing.topic,
                    producer.last_delivered()->partition,
                    producer.last_delivered()->offset,
                    outgoing.key));
  return ExitCode::ok;
}

ExitCode send(const Options& options, const SendableTypes& types, const Invocation& invocation) {
  const config::Settings settings =
      load(*options.config, invocation, {.kafka = true, .database = false, .consumer = true});
  const SystemClock clock;
  Outgoing outgoing = prepare(options, types, clock);
  if (outgoing.topic.empty()) outgoing.topic = settings.consumer.commands_topic;
  return deliver(outgoing, options, kafka_of(settings), clock.wall());
}

}  // namespace

void add_send(CLI::App& app, Invocation& invocation, SendableTypes types) {
  CLI::App* command = app.add_subcommand("send", "Send one command from JSON");
  auto options = std::make_shared<Options>();
  command->add_option("type", options->type, "Full Protobuf name, see below")->required();
  command->add_option(
      "json", options->json, "The command in Protobuf's JSON form; - or nothing: standard input");
  options->config = add_config_options(*command, {.brokers = true, .consumer = true});
  command->add_option("--key", options->key, "Ordering key; by default the field named below")
      ->type_name("TEXT");
  command->add_option("--id", options->id, "Message id; by default a new UUIDv7")
      ->type_name("TEXT");
  command->add_option("--source", options->source, "CloudEvents source")->capture_default_str();
  command->add_option("--format", options->format, "How it is sent")
      ->capture_default_str()
      ->check(CLI::IsMember({"json", "protobuf"}));
  command->add_option("--topic", options->topic, "Where to; by default consumer.commands_topic")
      ->type_name("NAME");
  command->footer(footer(types));
  command->callback([options, types = std::move(types), &invocation] {
    invocation.action = [options, types, &invocation] { return send(*options, types, invocation); };
  });
}

}  // namespace pawl::cli
