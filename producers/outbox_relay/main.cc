// pawl-relay: the relay on its own, for workers with relay.embedded = false and for outboxes that
// other programs fill. Several may run: one is active, the others stand by.

#include <signal.h>

#include <CLI/CLI.hpp>

#include "pawl/consumer/parts.h"
#include "pawl/consumer/settings_source.h"
#include "pawl/core/version.h"
#include "pawl/http/admin_server.h"
#include "pawl/kafka/publisher.h"
#include "pawl/observe/metrics.h"
#include "pawl/relay/relay.h"

namespace {

constexpr int kWrongOptions = 64;  // sysexits.h
constexpr int kCannotStart = 1;
constexpr std::chrono::seconds kHangs{30};  // a loop that has not turned for so long is not alive

/// Blocked before any thread starts, so that only sigwait() sees them.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return set;
}

pawl::http::Health live(const pawl::relay::Relay& relay, const pawl::Clock& clock) {
  const bool turns = clock.now() - relay.figures().heartbeat < kHangs;
  return pawl::http::health_of({{"relay", turns, "the relay's loop"}});
}

pawl::http::Health ready(const pawl::relay::Relay& relay) {
  const pawl::relay::Figures figures = relay.figures();
  return pawl::http::health_of(
      {{"database", figures.database_reachable, figures.active ? "active" : "standing by"}});
}

// Waiting mends a database that is away; it does not mend a missing schema.
void require_schema(const pawl::config::Settings& settings, const pawl::observe::Log& log) {
  try {
    pawl::check_schema(settings, log);
  } catch (const pawl::Failure& failure) {
    if (failure.remedy() == pawl::Remedy::give_up) throw;
    log.warn("database cannot be reached yet; waiting",
             {{"what", std::string_view(failure.what())}});
  }
}

void run(const pawl::config::Settings& settings,
         const pawl::observe::Log& log,
         const sigset_t& signals) {
  const pawl::SystemClock clock;
  require_schema(settings, log);
  pawl::observe::Metrics metrics{clock};
  const pawl::observe::RelayMetrics relay_metrics{metrics, "relay"};
  pawl::kafka::Publisher publisher{pawl::producer_settings(settings, log)};
  pawl::relay::Relay relay{pawl::relay_settings(settings),
                           {.connect = pawl::relay_connection(settings),
                            .publisher = publisher,
                            .metrics = relay_metrics,
                            .log = log,
                            .clock = clock}};
  pawl::http::AdminServer admin{{.listen = settings.admin.listen},
                                {.metrics = [&] { return metrics.expose(); },
                                 .live = [&] { return live(relay, clock); },
                                 .ready = [&] { return ready(relay); }}};
  relay.start();
  admin.start();
  log.info("running", {{"version", pawl::kVersion}, {"admin_port", admin.port()}});
  int number = 0;
  sigwait(&signals, &number);
  log.info("stopping", {{"signal", std::string_view(sigabbrev_np(number))}});
  relay.stop();
  admin.stop();
  log.info("stopped");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"pawl-relay: publishes the events of Pawl's outbox to Kafka, each key in order."};
  const pawl::SettingsOptions options{
      app, {.domain = "relay", .consumer = "relay"}, {.consumer = false}};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongOptions;
  }
  const auto settings = options.load();
  if (!settings) return settings.error();
  const sigset_t signals = stop_signals();
  const pawl::SystemClock clock;
  const pawl::observe::Log log{clock, {.level = settings->log.level}};
  try {
    run(*settings, log, signals);
    return 0;
  } catch (const pawl::Failure& failure) {
    log.error("cannot start",
              {{"code", failure.code()}, {"what", std::string_view(failure.what())}});
    return kCannotStart;
  }
}
