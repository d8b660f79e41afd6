#include "pawl/config/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "pawl/config/nearest.h"
#include "pawl/config/on_failure.h"
#include "pawl/config/text_values.h"

namespace pawl::config {
namespace {

/// Faults name the variable alone, as those of single settings do.
std::string place_of(const std::string& origin) {
  constexpr std::string_view kEnvironment = "environment ";
  return origin.starts_with(kEnvironment) ? origin.substr(kEnvironment.size()) : origin;
}

class Checker {
 public:
  Checker(const Origins& origins, const std::set<std::string>& faulty, std::vector<Fault>& faults)
      : origins_(origins), faulty_(faulty), faults_(faults) {}

  /// `about`: the settings that the rule compares; the first that somebody wrote is where the fault
  /// is.
  void require(bool holds,
               std::initializer_list<std::string> about,
               std::string what,
               std::string expected,
               std::string advice) {
    if (holds) return;
    std::string where = "settings";
    for (const std::string& name : about) {
      if (faulty_.contains(name)) return;
      const std::string& origin = origins_.at(name);
      if (where == "settings" && origin != "default") where = place_of(origin);
    }
    faults_.push_back({where, std::move(what), std::move(expected), std::move(advice)});
  }

 private:
  const Origins& origins_;
  const std::set<std::string>& faulty_;
  std::vector<Fault>& faults_;
};

bool names_a_database(const std::map<std::string, std::string>& environment) {
  for (const char* variable :
       {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT", "PGUSER"}) {
    if (environment.contains(variable)) return true;
  }
  return false;
}

void check_presence(const Settings& s, const Sources& sources, Checker& checker) {
  checker.require(!sources.needs.kafka || !s.kafka.brokers.empty(),
                  {"kafka.brokers"},
                  "kafka.brokers is not set",
                  "\"host:port\", several separated by commas",
                  "set PAWL_KAFKA__BROKERS, or brokers under [kafka] in the file");
  checker.require(
      !sources.needs.database || !s.database.url.empty() || names_a_database(sources.environment),
      {"database.url"},
      "no database is named",
      "\"postgresql://user:password@host:port/database\"",
      "set DATABASE_URL, or url or url_file under [database] in the file, or PGHOST and its like");
  checker.require(!sources.needs.consumer || !s.consumer.name.empty(),
                  {"consumer.name"},
                  "consumer.name is not set",
                  "the consumer's name, which is also its Kafka group",
                  "set PAWL_CONSUMER__NAME, or name under [consumer] in the file");
}

void check_plain(const Settings& s, Checker& checker) {
  const Plain& plain = s.consumer.plain;
  checker.require(
      plain.type.empty() || !plain.id.empty(),
      {"consumer.plain.type", "consumer.plain.id"},
      fmt::format("consumer.plain.type = {} without consumer.plain.id", toml_quote(plain.type)),
      "\"header:NAME\" or \"json:/pointer\" in consumer.plain.id",
      "say where a plain record holds its message id; duplicates are found by it");
  checker.require(
      !plain.type.empty() || plain.id.empty(),
      {"consumer.plain.id", "consumer.plain.type"},
      fmt::format("consumer.plain.id = {} without consumer.plain.type", toml_quote(plain.id)),
      "a full Protobuf message name in consumer.plain.type",
      "say what type plain records hold, or remove consumer.plain.id");
  checker.require(!plain.type.empty() || plain.content_type == Plain{}.content_type,
                  {"consumer.plain.content_type", "consumer.plain.type"},
                  "consumer.plain.content_type without consumer.plain.type",
                  "a full Protobuf message name in consumer.plain.type",
                  "say what type plain records hold, or remove consumer.plain.content_type");
  checker.require(
      plain.content_type == PlainContentType::json || !plain.id.starts_with("json:"),
      {"consumer.plain.id", "consumer.plain.content_type"},
      fmt::format("consumer.plain.id = {} cannot be read from a Protobuf value",
                  toml_quote(plain.id)),
      "\"header:NAME\"",
      "take the id from a header, or set consumer.plain.content_type = \"application/json\"");
}

void check_topics(const Consumer& consumer, Checker& checker) {
  const auto distinct =
      [&](const char* a, const std::string& topic_a, const char* b, const std::string& topic_b) {
        checker.require(topic_a.empty() || topic_a != topic_b,
                        {a, b},
                        fmt::format("{} and {} are both {}", a, b, toml_quote(topic_a)),
                        "two different topics",
                        "change one of them, or the consumer reads what it wrote");
      };
  const char* const commands = "consumer.commands_topic";
  const char* const events = "consumer.events_topic";
  const char* const dead = "consumer.dead_letter_topic";
  distinct(commands, consumer.commands_topic, events, consumer.events_topic);
  distinct(commands, consumer.commands_topic, dead, consumer.dead_letter_topic);
  distinct(events, consumer.events_topic, dead, consumer.dead_letter_topic);
}

// librdkafka's own default where the property is not set.
std::int64_t max_poll_interval_ms(const Kafka& kafka) {
  std::int64_t value = 300'000;
  const auto found = kafka.properties.find("max.poll.interval.ms");
  if (found == kafka.properties.end()) return value;
  const std::string text = found->second.reveal();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void check_deadline(const Settings& s, Checker& checker) {
  const std::int64_t interval = max_poll_interval_ms(s.kafka);
  checker.require(s.worker.handler_deadline.count() < interval,
                  {"worker.handler_deadline"},
                  fmt::format("worker.handler_deadline = {} is not below max.poll.interval.ms = {}",
                              format_duration(s.worker.handler_deadline),
                              interval),
                  "a deadline that ends a hung process before Kafka would give its lanes away",
                  "lower worker.handler_deadline or raise max.poll.interval.ms");
}

struct NamedDuration {
  std::string name;
  Duration value;
};

void check_order(const NamedDuration& least, const NamedDuration& most, Checker& checker) {
  checker.require(least.value <= most.value,
                  {least.name, most.name},
                  fmt::format("{} = {} is more than {} = {}",
                              least.name,
                              format_duration(least.value),
                              most.name,
                              format_duration(most.value)),
                  fmt::format("{} up to {}", least.name, most.name),
                  "lower the one or raise the other");
}

void check_waits(const std::string& section, const Retry& retry, Checker& checker) {
  check_order({section + ".delay_min", retry.delay_min},
              {section + ".delay_max", retry.delay_max},
              checker);
  // Who lowers attempts_max and leaves immediate as it is wants fewer attempts, all of them at
  // once.
  checker.require(retry.immediate < retry.attempts_max || retry.immediate == Retry{}.immediate,
                  {section + ".immediate", section + ".attempts_max"},
                  fmt::format("{0}.immediate = {1} is not below {0}.attempts_max = {2}",
                              section,
                              retry.immediate,
                              retry.attempts_max),
                  "fewer attempts at once than attempts in all, the first one included",
                  "lower the one or raise the other");
}

// A retry that comes after its id was forgotten would not see that a copy of the command has been
// handled meanwhile.
void check_age(const std::string& section,
               const Retry& retry,
               const Inbox& inbox,
               Checker& checker) {
  checker.require(retry.age_max < inbox.dedupe_window,
                  {section + ".age_max", "inbox.dedupe_window"},
                  fmt::format("{}.age_max = {} is not below inbox.dedupe_window = {}",
                              section,
                              format_duration(retry.age_max),
                              format_duration(inbox.dedupe_window)),
                  "retries that end while ids are still remembered",
                  "lower the one or raise the other");
}

void check_command_types(const Settings& s,
                         const std::vector<std::string>& known,
                         Checker& checker) {
  if (known.empty()) return;
  for (const auto& [type, on_failure] : s.on_failure) {
    const auto meant = nearest(type, known);
    checker.require(std::ranges::find(known, type) != known.end(),
                    {std::string{kOnFailurePrefix} + type},
                    fmt::format("on_failure names {}, which this program does not handle", type),
                    meant ? *meant : fmt::format("one of {}", fmt::join(known, ", ")),
                    "correct or remove it");
  }
}

}  // namespace

void check_together(const Loaded& loaded,
                    const Sources& sources,
                    const std::set<std::string>& faulty,
                    std::vector<Fault>& faults) {
  const Settings& s = loaded.settings;
  Checker checker{loaded.origins, faulty, faults};
  check_presence(s, sources, checker);
  check_plain(s, checker);
  check_topics(s.consumer, checker);
  check_deadline(s, checker);
  checker.require(s.batch.max_bytes <= s.intake.max_bytes,
                  {"batch.max_bytes", "intake.max_bytes"},
                  fmt::format("batch.max_bytes = {} is more than intake.max_bytes = {}",
                              format_size(s.batch.max_bytes),
                              format_size(s.intake.max_bytes)),
                  "a batch that fits into the intake's memory",
                  "lower batch.max_bytes or raise intake.max_bytes");
  check_waits("retry.handler", s.retry.handler, checker);
  check_waits("retry.database", s.retry.database, checker);
  check_order({"circuit.probe_min", s.circuit.probe_min},
              {"circuit.probe_max", s.circuit.probe_max},
              checker);
  check_age("retry.handler", s.retry.handler, s.inbox, checker);
  check_age("retry.database", s.retry.database, s.inbox, checker);
  check_age("retry.outside", s.retry.outside, s.inbox, checker);
  check_command_types(s, sources.defaults.command_types, checker);
}

}  // namespace pawl::config
