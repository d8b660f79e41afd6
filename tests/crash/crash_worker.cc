// A ledger worker that comes to grief at a named point. The same parts as pawl-ledger, wired here
// with decorators between them. crash_worker --config FILE [--at POINT --harm kill|freeze|terminate
// --pass N [--again]] [--bug BUG] [--failing N]
#include <signal.h>

#include <CLI/CLI.hpp>
#include <random>
#include <thread>

#include "crash/crash_port.h"
#include "crash/crashing_kafka.h"
#include "crash/crashing_store.h"
#include "crash/failing_consumer.h"
#include "ledger.h"
#include "pawl/consumer/consumer.h"
#include "pawl/consumer/parts.h"
#include "pawl/consumer/settings_source.h"
#include "pawl/engine/engine.h"
#include "pawl/kafka/lane_intake.h"
#include "pawl/kafka/publisher.h"
#include "pawl/observe/relay_metrics.h"
#include "registration.h"

namespace pawl::test {
namespace {

class CrashWorker {
 public:
  CrashWorker(const config::Settings& settings, const Registration& registration, CrashPort& port)
      : settings_(settings),
        port_(port),
        decoder_(registration.types, plain_settings(settings)),
        domain_(registration.make_domain()),
        postgres_(engine_connection(settings), settings.consumer.name, process_name()),
        store_(postgres_, port, settings.database.url.reveal()),
        kafka_(intake_settings(settings, log_)),
        intake_(kafka_, port),
        publisher_(producer_settings(settings, log_)),
        crashing_publisher_(publisher_, port),
        engine_(engine_settings(settings),
                {.store = store_,
                 .intake = intake_,
                 .domain = *domain_,
                 .decoder = decoder_,
                 .metrics = engine_metrics_,
                 .log = log_,
                 .clock = clock_,
                 .circuits = circuits_,
                 .seed = std::random_device{}(),
                 .on_committed =
                     [this](outbox::CommittedBatch batch) { relay_.offer(std::move(batch)); }}),
        relay_(relay_settings(settings),
               {.connect = relay_sessions(),
                .publisher = crashing_publisher_,
                .metrics = relay_metrics_,
                .log = log_,
                .clock = clock_}) {}

  /// Until it is killed.
  void run() {
    relay_.start();
    engine::LaneOwner* const owner[] = {&engine_.lane_owner()};
    kafka_.start(owner);
    for (;;) {
      if (!engine_.step()) store_.wait(engine_.idle_for());
    }
  }

 private:
  relay::OutboxSessionFactory relay_sessions() {
    return
        [this,
         connect = relay_connection(settings_)]() mutable -> std::unique_ptr<relay::OutboxSession> {
          if (port_.has(Bug::relay_forgets_holes))
            return std::make_unique<ForgetfulOutboxSession>(connect());
          return connect();
        };
  }

  const config::Settings& settings_;
  CrashPort& port_;
  SystemClock clock_;
  observe::Log log_{clock_, {.level = settings_.log.level}};
  observe::Metrics metrics_{clock_};
  observe::EngineMetrics engine_metrics_{metrics_, {settings_.consumer.name, {}, 0}};
  observe::RelayMetrics relay_metrics_{metrics_, settings_.consumer.name};
  codec::CommandDecoder decoder_;
  std::unique_ptr<engine::Domain> domain_;
  engine::PostgresStore postgres_;
  CrashingStore store_;
  kafka::LaneIntake kafka_;
  CrashingIntake intake_;
  kafka::Publisher publisher_;
  CrashingPublisher crashing_publisher_;
  Circuits circuits_{{.settings = {}, .clock = clock_, .seed = 1}};
  engine::Engine engine_;
  relay::Relay relay_;
};

const std::map<std::string, Harm> kHarms{
    {"kill", Harm::kill}, {"freeze", Harm::freeze}, {"terminate", Harm::terminate}};
const std::map<std::string, Bug> kBugs{{"events_after_commit", Bug::events_after_commit},
                                       {"claim_without_consumer", Bug::claim_without_consumer},
                                       {"relay_forgets_holes", Bug::relay_forgets_holes},
                                       {"forgets_held", Bug::forgets_held}};

int run(int argc, char** argv) {
  CLI::App app{"a ledger worker that comes to grief"};
  const SettingsOptions options{app, {.domain = "ledger", .consumer = "ledger"}};
  CrashPort::Plan plan;
  std::string at;
  int failing = 0;
  app.add_option("--failing", failing);
  app.add_option("--at", at);
  app.add_option("--harm", plan.harm)->transform(CLI::CheckedTransformer(kHarms));
  app.add_option("--pass", plan.pass);
  app.add_flag("--again", plan.again);
  app.add_option("--bug", plan.bug)->transform(CLI::CheckedTransformer(kBugs));
  CLI11_PARSE(app, argc, argv);
  if (!at.empty() && !(plan.point = point_called(at)))
    throw std::invalid_argument("no such point: " + at);
  const auto settings = options.load();
  if (!settings) return settings.error();
  signal(SIGPIPE, SIG_IGN);
  Consumer<ledger::Ledger> consumer{"ledger"};
  FailingConsumer failing_consumer{consumer, failing};
  ledger::register_commands(failing_consumer);
  CrashPort port{plan};
  const Registration registration = consumer.registration();
  CrashWorker worker{*settings, registration, port};
  worker.run();
  return 0;
}

}  // namespace
}  // namespace pawl::test

int main(int argc, char** argv) {
  return pawl::test::run(argc, argv);
}
