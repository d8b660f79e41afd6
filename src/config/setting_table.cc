#include "pawl/config/setting_table.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "pawl/config/address.h"
#include "pawl/config/setting_kinds.h"

namespace pawl::config {
namespace {

using namespace std::chrono_literals;
using kinds::Count;
using kinds::Flag;
using kinds::SecretText;
using kinds::Size;
using kinds::Text;
using kinds::Time;
using kinds::Word;

template <class Enum, std::size_t N>
Word<Enum, N> one_of(const std::pair<std::string_view, Enum> (&words)[N]) {
  return {std::to_array(words)};
}

/// `path` leads from Settings to the member: &Settings::relay, &Relay::linger.
template <class Kind, class... Path>
Setting setting(std::string name, Kind kind, std::string sentence, Path... path) {
  Setting row{std::move(name), std::move(sentence), kind.expected()};
  row.secret = std::is_same_v<Kind, SecretText>;
  row.assign = [kind, path...](Settings& settings, const RawValue& raw) {
    auto value = kind.parse(raw);
    if (!value) return false;
    auto& member = (settings.*....*path);
    member = static_cast<std::remove_reference_t<decltype(member)>>(std::move(*value));
    return true;
  };
  row.print = [kind, path...](const Settings& settings) {
    return kind.print((settings.*....*path));
  };
  return row;
}

bool is_plain_id(std::string_view text) {
  return text.empty() || (text.starts_with("header:") && text.size() > 7) ||
         (text.starts_with("json:/") && text.size() > 6);
}

bool is_database_url(std::string_view text) {
  return text.empty() || text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         text.find('=') != std::string_view::npos;
}

bool is_anything(std::string_view) {
  return true;
}

// Kafka's own rule for topics. Our names become part of a topic's name, so it is theirs, too.
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 249 || text == "." || text == "..") return false;
  for (const char c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_' && c != '-')
      return false;
  }
  return true;
}

bool is_instance_id(std::string_view text) {
  return text.empty() || is_name(text);
}

constexpr Text kBrokers{is_broker_list, "\"host:port\", several separated by commas"};
constexpr SecretText kDatabaseUrl{
    is_database_url, "\"postgresql://user:password@host:port/database\" or \"host=… dbname=…\""};
constexpr Text kName{is_name, "1 to 249 letters, digits, dots, dashes or underscores"};
constexpr Text kInstanceId{is_instance_id,
                           "nothing, or 1 to 249 letters, digits, dots, dashes or underscores"};
constexpr Count kAttemptsAtOnce{0, 1000};
constexpr Count kAttempts{1, 1000};
constexpr Count kFactor{1, 100};
constexpr Time kDelay{1ms, std::chrono::days{7}};
constexpr Time kAge{1s, std::chrono::days{365}};
constexpr const char* kDelayMin =
    "upper end of the first wait; each is between 0 and its upper end";
constexpr const char* kDelayMax = "upper end of the longest wait";
constexpr const char* kDelayFactor = "from one wait's upper end to the next one's";
constexpr const char* kAttemptsMax = "attempts before a dead letter, the first one included";
constexpr const char* kAgeMax =
    "age of the first failure at which the next one makes a dead letter; below inbox.dedupe_window";
constexpr Text kAnyText{is_anything, "a text"};
constexpr Text kPlainId{is_plain_id, "\"header:NAME\" or \"json:/pointer\""};
constexpr Text kListen{is_listen_address,
                       "\"host:port\" ([host]:port for IPv6; port 0 takes any free one)"};

// clang-format off
std::vector<Setting> input_settings() {
  using S = Settings;
  return {
    setting("kafka.brokers", kBrokers,
            "brokers to ask first", &S::kafka, &Kafka::brokers),

    setting("database.url", kDatabaseUrl,
            "PostgreSQL; DATABASE_URL sets it, too; empty: libpq's variables (PGHOST …)",
            &S::database, &Database::url),
    setting("database.migrate_at_start", Flag{},
            "apply missing migrations before starting; for development",
            &S::database, &Database::migrate_at_start),

    setting("consumer.name", kName,
            "Kafka consumer group and scope of deduplication", &S::consumer, &Consumer::name),
    setting("consumer.commands_topic", kName,
            "where commands come from", &S::consumer, &Consumer::commands_topic),
    setting("consumer.events_topic", kName,
            "where events go", &S::consumer, &Consumer::events_topic),
    setting("consumer.dead_letter_topic", kName,
            "where commands go that were given up on", &S::consumer, &Consumer::dead_letter_topic),
    setting("consumer.start_from",
            one_of<StartFrom>({{"earliest", StartFrom::earliest}, {"latest", StartFrom::latest}}),
            "where to begin on a topic that this consumer has never read",
            &S::consumer, &Consumer::start_from),
    setting("consumer.instance_id", kInstanceId,
            "the pod's name: its lanes wait for it over a restart; empty: no static member",
            &S::consumer, &Consumer::instance_id),
    setting("consumer.assignment",
            one_of<Assignment>({{"eager", Assignment::eager},
                                {"cooperative", Assignment::cooperative}}),
            "cooperative: lanes that stay are not interrupted; librdkafka 2.10 or newer, all "
            "processes alike",
            &S::consumer, &Consumer::assignment),
    setting("consumer.unknown_type",
            one_of<UnknownType>({{"dead_letter", UnknownType::dead_letter},
                                 {"retry_later", UnknownType::retry_later}}),
            "a command whose type no handler knows, or JSON with unknown fields; retry_later: it "
            "waits as in [retry.handler], for a process that knows them",
            &S::consumer, &Consumer::unknown_type),

    setting("consumer.plain.type", kAnyText,
            "Protobuf type of records without CloudEvents headers; empty: there are none",
            &S::consumer, &Consumer::plain, &Plain::type),
    setting("consumer.plain.id", kPlainId,
            "where a plain record holds its message id, by which duplicates are found",
            &S::consumer, &Consumer::plain, &Plain::id),
    setting("consumer.plain.content_type",
            one_of<PlainContentType>({{"application/json", PlainContentType::json},
                                      {"application/protobuf", PlainContentType::protobuf}}),
            "how a plain record's value is encoded",
            &S::consumer, &Consumer::plain, &Plain::content_type),
  };
}

std::vector<Setting> work_settings() {
  using S = Settings;
  return {
    setting("worker.threads", Count{1, 64},
            "engines in this process; more than one only for handlers with their own SQL",
            &S::worker, &Worker::threads),
    setting("worker.handler_deadline", Time{100ms, 1h},
            "a handler that takes longer for one command has hung: the process says so and ends",
            &S::worker, &Worker::handler_deadline),

    setting("engine.in_flight", Count{1, 3},
            "batches worked on at once; 2 overlaps deciding with saving",
            &S::engine, &Engine::in_flight),
    setting("engine.state",
            one_of<StateSharing>({{"adaptive", StateSharing::adaptive},
                                  {"owned", StateSharing::owned},
                                  {"shared", StateSharing::shared}}),
            "owned: nobody else writes the domain's rows, so what was only read is not checked; "
            "shared: others write them all the time, so they are locked as they are loaded; "
            "adaptive: locked for a while after conflicts",
            &S::engine, &Engine::state),

    setting("batch.max_commands", Count{1, 10'000},
            "commands in one transaction at most", &S::batch, &Batch::max_commands),
    setting("batch.max_bytes", Size{kKiB, kGiB},
            "bytes of commands in one transaction at most", &S::batch, &Batch::max_bytes),

    setting("intake.max_bytes", Size{kMiB, 16 * kGiB},
            "memory for records that are fetched and not yet decided, all partitions together",
            &S::intake, &Intake::max_bytes),
    setting("intake.stuck_after", Time{1s, 1h},
            "a lane with lag and without progress for so long is stuck, and its consumer is made anew",
            &S::intake, &Intake::stuck_after),
  };
}

std::vector<Setting> retry_settings() {
  using S = Settings;
  return {
    setting("retry.handler.immediate", kAttemptsAtOnce,
            "a handler throws: further attempts at once, before there are waits",
            &S::retry, &Retries::handler, &Retry::immediate),
    setting("retry.handler.delay_min", kDelay, kDelayMin, &S::retry, &Retries::handler,
            &Retry::delay_min),
    setting("retry.handler.delay_max", kDelay, kDelayMax, &S::retry, &Retries::handler,
            &Retry::delay_max),
    setting("retry.handler.delay_factor", kFactor, kDelayFactor, &S::retry, &Retries::handler,
            &Retry::delay_factor),
    setting("retry.handler.attempts_max", kAttempts, kAttemptsMax, &S::retry, &Retries::handler,
            &Retry::attempts_max),
    setting("retry.handler.age_max", kAge, kAgeMax, &S::retry, &Retries::handler, &Retry::age_max),

    setting("retry.database.immediate", kAttemptsAtOnce,
            "the database refuses a command's SQL: further attempts at once",
            &S::retry, &Retries::database, &Retry::immediate),
    setting("retry.database.delay_min", kDelay, kDelayMin, &S::retry, &Retries::database,
            &Retry::delay_min),
    setting("retry.database.delay_max", kDelay, kDelayMax, &S::retry, &Retries::database,
            &Retry::delay_max),
    setting("retry.database.delay_factor", kFactor, kDelayFactor, &S::retry, &Retries::database,
            &Retry::delay_factor),
    setting("retry.database.attempts_max", kAttempts, kAttemptsMax, &S::retry, &Retries::database,
            &Retry::attempts_max),
    setting("retry.database.age_max", kAge, kAgeMax, &S::retry, &Retries::database,
            &Retry::age_max),

    setting("retry.outside.attempts_max", kAttempts,
            "a handler asks for a wait (RetryAfter), or a service does not answer it: attempts before "
            "a dead letter, the first one included",
            &S::retry, &Retries::outside, &Retry::attempts_max),
    setting("retry.outside.age_max", kAge, kAgeMax, &S::retry, &Retries::outside, &Retry::age_max),
  };
}

std::vector<Setting> waiting_settings() {
  using S = Settings;
  return {
    setting("parking.per_key_max", Count{1, 10'000'000},
            "commands parked for one key; its partition waits when there are more",
            &S::parking, &Parking::per_key_max),
    setting("parking.per_lane_max", Count{1, 100'000'000},
            "commands parked for one partition; it waits when there are more",
            &S::parking, &Parking::per_lane_max),

    setting("circuit.failures_max", Count{1, 1000},
            "calls of an outside service (context.dependency) that fail in a row: it is not called "
            "for a while then",
            &S::circuit, &Circuit::failures_max),
    setting("circuit.window", Count{1, 10'000},
            "its latest calls, of which circuit.failure_percent may fail",
            &S::circuit, &Circuit::window),
    setting("circuit.failure_percent", Count{1, 100},
            "share of the latest calls that fail, at which it is not called for a while",
            &S::circuit, &Circuit::failure_percent),
    setting("circuit.probe_min", Time{1ms, 1h},
            "how long it is not called at first, at most; then one call tries",
            &S::circuit, &Circuit::probe_min),
    setting("circuit.probe_max", Time{1ms, 1h},
            "the same when it has failed again and again: the wait doubles up to this",
            &S::circuit, &Circuit::probe_max),
  };
}

std::vector<Setting> output_settings() {
  using S = Settings;
  return {
    setting("relay.embedded", Flag{},
            "publish events from this process; false: pawl-relay does",
            &S::relay, &Relay::embedded),
    setting("relay.linger", Time{0ms, 1s},
            "how long the producer waits for more events before it sends",
            &S::relay, &Relay::linger),
    setting("relay.poll", Time{1ms, 10s},
            "how often an idle relay looks for events that nobody announced",
            &S::relay, &Relay::poll),
    setting("relay.batch_max", Count{1, 100'000},
            "outbox rows read at once", &S::relay, &Relay::batch_max),

    setting("inbox.dedupe_window", Time{1min, std::chrono::days{366}},
            "how long a message id is remembered; must exceed the commands topic's retention",
            &S::inbox, &Inbox::dedupe_window),
    setting("outbox.rotation_period", Time{1s, std::chrono::days{30}},
            "how often published events are cleared away", &S::outbox, &Outbox::rotation_period),

    setting("dead_letters.header_style",
            one_of<HeaderStyle>({{"native", HeaderStyle::native},
                                 {"spring", HeaderStyle::spring},
                                 {"connect", HeaderStyle::connect}}),
            "whose headers records on the dead-letter topic carry: pawl_dead_*, Spring Kafka's or "
            "Kafka Connect's",
            &S::dead_letters, &DeadLetters::header_style),
    setting("dead_letters.retention", Time{1s, std::chrono::days{36'500}},
            "how long dead letters are kept after their last failure, whatever became of them",
            &S::dead_letters, &DeadLetters::retention),
    setting("dead_letters.archive", kAnyText,
            "folder where dead letters are written as JSON lines before they are deleted; empty: "
            "nowhere",
            &S::dead_letters, &DeadLetters::archive),
    setting("dead_letters.allow_edit", Flag{},
            "let `pawl dead redrive --edit` hand back a command that an operator has changed",
            &S::dead_letters, &DeadLetters::allow_edit),

    setting("admin.listen", kListen,
            "address of /metrics and /healthz", &S::admin, &Admin::listen),

    setting("log.level",
            one_of<LogLevel>({{to_string(LogLevel::debug), LogLevel::debug},
                              {to_string(LogLevel::info), LogLevel::info},
                              {to_string(LogLevel::warning), LogLevel::warning},
                              {to_string(LogLevel::error), LogLevel::error}}),
            "least important lines to log", &S::log, &LogSettings::level),

    setting("shutdown.deadline", Time{1s, 1h},
            "time to finish what is in flight after SIGTERM", &S::shutdown, &Shutdown::deadline),
  };
}
// clang-format on

}  // namespace

std::vector<Setting> setting_table() {
  std::vector<Setting> table;
  for (const auto part :
       {input_settings, work_settings, retry_settings, waiting_settings, output_settings})
    std::ranges::move(part(), std::back_inserter(table));
  return table;
}

void derive_names(Consumer& consumer, const Defaults& defaults) {
  if (consumer.name.empty()) consumer.name = defaults.consumer;
  const std::string& domain = defaults.domain.empty() ? consumer.name : defaults.domain;
  if (domain.empty()) return;
  if (consumer.commands_topic.empty()) consumer.commands_topic = domain + ".commands";
  if (consumer.events_topic.empty()) consumer.events_topic = domain + ".events";
  if (consumer.dead_letter_topic.empty() && !consumer.name.empty()) {
    consumer.dead_letter_topic = fmt::format("{}.{}.dead", consumer.commands_topic, consumer.name);
  }
}

std::string_view Setting::section() const {
  return std::string_view{name}.substr(0, name.rfind('.'));
}

std::string_view Setting::key() const {
  return std::string_view{name}.substr(name.rfind('.') + 1);
}

std::string variable_of(std::string_view setting) {
  std::string variable = "PAWL_";
  std::string_view rest = setting;
  const bool property = setting.starts_with(kPropertiesPrefix);
  if (property) {
    variable += "KAFKA__PROPERTIES__";
    rest.remove_prefix(kPropertiesPrefix.size());
  }
  for (const char c : rest) {
    if (c != '.') {
      variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    } else {
      variable += property ? "_" : "__";
    }
  }
  return variable;
}

}  // namespace pawl::config
