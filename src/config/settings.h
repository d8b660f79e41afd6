// Every setting of Pawl's programs. A member's path is its name: settings.relay.batch_max is
// `relay.batch_max` in the TOML file and PAWL_RELAY__BATCH_MAX in the environment. Type, unit and
// default stand here; sentence and check stand in setting_table.cc; everything else (loader,
// environment, --print-config, documentation) is made from these two.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "pawl/config/secret.h"
#include "pawl/core/log_level.h"

namespace pawl::config {

using Duration = std::chrono::milliseconds;

/// Where a consumer begins on a topic that it has never read. The program turns it into
/// engine::StartFrom.
enum class StartFrom { earliest, latest };

/// How the consumer group divides partitions (README, "Several processes").
enum class Assignment { eager, cooperative };

/// Who writes the rows that the engine keeps in memory (DESIGN §4, States). The program turns it
/// into engine::StateSharing.
enum class StateSharing { adaptive, owned, shared };

/// In whose words a dead-letter record's headers say what happened. The program turns it into
/// codec::HeaderStyle.
enum class HeaderStyle { native, spring, connect };

/// What a failed command does to those behind it. The program turns it into pawl::OnFailure, where
/// each is explained.
enum class OnFailure { park_key, block_lane, skip_order, dead_letter };

/// What becomes of a command whose type no handler knows. The program turns it into
/// engine::UnknownType.
enum class UnknownType { dead_letter, retry_later };

/// How the value of a plain record (one without CloudEvents headers) is read.
enum class PlainContentType { json, protobuf };

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

struct Kafka {
  std::string brokers;  // "host:port,host:port"; no default
  std::map<std::string, Secret>
      properties;  // further librdkafka properties by their own names, allow-listed

  /// `properties` as librdkafka wants them, secrets in the clear.
  [[nodiscard]] std::map<std::string, std::string> revealed_properties() const {
    std::map<std::string, std::string> all;
    for (const auto& [name, value] : properties) all.emplace(name, value.reveal());
    return all;
  }
};

struct Database {
  Secret url;                     // empty: libpq takes PGHOST and its like from the environment
  bool migrate_at_start = false;  // for development
};

/// For topics that do not speak CloudEvents. `type` empty: no such records are expected.
struct Plain {
  std::string type;  // full Protobuf message name that every plain record holds
  std::string id;    // "header:NAME" or "json:/pointer"; required with `type`, it is the dedupe id
  PlainContentType content_type = PlainContentType::json;
};

/// The topics' defaults come from the program's domain and consumer name (Defaults in load.h);
/// after loading none of the strings is empty.
struct Consumer {
  std::string name;               // also the Kafka group and the dedupe scope
  std::string commands_topic;     // {domain}.commands
  std::string events_topic;       // {domain}.events
  std::string dead_letter_topic;  // {commands_topic}.{name}.dead
  StartFrom start_from = StartFrom::earliest;
  std::string instance_id;  // static member of the group; empty: an ordinary one
  Assignment assignment = Assignment::eager;
  UnknownType unknown_type = UnknownType::dead_letter;
  Plain plain;
};

struct Worker {
  int threads = 1;                   // engines in this process, with disjoint lanes
  Duration handler_deadline{8'000};  // a handler that takes longer has hung: the process ends
};

struct Engine {
  int in_flight = 2;  // batches decided before the oldest is known to be committed, 1..3
  StateSharing state = StateSharing::adaptive;
};

struct Batch {
  std::int64_t max_commands = 2000;
  std::int64_t max_bytes = kMiB;
};

struct Intake {
  std::int64_t max_bytes =
      64 * kMiB;                 // fetched and not yet decided, all lanes of the process together
  Duration stuck_after{60'000};  // lag without progress for so long: a stuck lane
};

/// How often and how fast a command is tried whose failures are of one class. The program turns it
/// into pawl::RetryPolicy, where each member is explained.
struct Retry {
  int immediate = 5;
  Duration delay_min = std::chrono::seconds{10};
  Duration delay_max = std::chrono::hours{1};
  int delay_factor = 4;
  int attempts_max = 50;
  Duration age_max = std::chrono::hours{24};
};

struct Retries {
  Retry handler;
  Retry database;
  Retry outside;  // its waits come from the handler (pawl::RetryAfter): only the limits count
};

/// When a service outside is not called for a while. The program turns it into
/// pawl::CircuitSettings, where each member is explained.
struct Circuit {
  int failures_max = 5;
  int window = 20;
  int failure_percent = 50;
  Duration probe_min = std::chrono::seconds{1};
  Duration probe_max = std::chrono::seconds{30};
};

/// By command type (full Protobuf message name); others: park_key.
using OnFailures = std::map<std::string, OnFailure, std::less<>>;

struct Parking {
  std::int64_t per_key_max = 10'000;  // commands
  std::int64_t per_lane_max = 100'000;
};

struct Relay {
  bool embedded = true;
  Duration linger{0};             // under load the requests in flight gather enough
  Duration poll{10};              // how often an idle relay looks when nobody wakes it
  std::int64_t batch_max = 2000;  // rows read from the outbox at once
};

struct Inbox {
  Duration dedupe_window = std::chrono::days{7};

  /// Of four generations three are always whole, so a third of the window between two rotations
  /// keeps the promise.
  [[nodiscard]] Duration rotation_period() const { return dedupe_window / 3; }
};

struct Outbox {
  Duration rotation_period = std::chrono::hours{1};
};

/// The dead-letter topic's name is the consumer's.
struct DeadLetters {
  HeaderStyle header_style = HeaderStyle::native;
  Duration retention = std::chrono::days{30};  // since the last failure
  std::string archive;                         // folder; empty: none
  bool allow_edit = false;                     // operators may change what a command says
};

struct Admin {
  std::string listen = "127.0.0.1:9464";  // "host:port", IPv6 in brackets, port 0 = any free one
};

struct LogSettings {
  LogLevel level = LogLevel::info;
};

struct Shutdown {
  Duration deadline{25'000};
};

struct Settings {
  Kafka kafka;
  Database database;
  Consumer consumer;
  Worker worker;
  Engine engine;
  Batch batch;
  Intake intake;
  Retries retry;
  OnFailures on_failure;
  Parking parking;
  Circuit circuit;
  Relay relay;
  Inbox inbox;
  Outbox outbox;
  DeadLetters dead_letters;
  Admin admin;
  LogSettings log;
  Shutdown shutdown;
};

}  // namespace pawl::config
