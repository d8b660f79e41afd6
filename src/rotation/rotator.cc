#include "pawl/rotation/rotator.h"

#include <utility>

#include "pawl/core/thread_name.h"

namespace pawl::rotation {

using std::chrono::milliseconds;

Rotator::Rotator(RotatorSettings settings, observe::RotationMetrics& metrics, observe::Log log)
    : settings_(std::move(settings)), metrics_(metrics), log_(std::move(log)) {}

Rotator::~Rotator() {
  stop();
}

void Rotator::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    name_this_thread("pawl rotator");
    run(stop);
  });
}

void Rotator::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  thread_ = {};
}

void Rotator::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    check(Table::inbox, settings_.inbox_period, stop);
    check(Table::outbox, settings_.outbox_period, stop);
    pause(settings_.check_every, stop);
  }
  connection_.reset();
}

void Rotator::check(Table table, milliseconds period, const std::stop_token& stop) {
  try {
    if (!connection_) {
      connection_ = std::make_unique<postgres::Connection>(
          postgres::ConnectionSettings{.url = settings_.url,
                                       .application_name = "pawl rotation",
                                       .session = {{"statement_timeout", "30s"}}});
    }
    Result result = Result::busy;
    for (int tries = 0;
         result == Result::busy && tries < settings_.busy_tries && !stop.stop_requested();
         ++tries) {
      if (tries > 0) pause(settings_.busy_pause, stop);
      result = rotate(*connection_, table, period, settings_.lock_wait);
    }
    report(table, result);
  } catch (const Failure& failure) {
    connection_.reset();
    metrics_.rotation(to_string(table), "failed");
    log_.warn("cannot rotate a table; tried again at the next check",
              {{"table", to_string(table)},
               {"code", failure.code()},
               {"failure", std::string_view{failure.what()}}});
  }
}

void Rotator::report(Table table, Result result) {
  if (result != Result::not_due) metrics_.rotation(to_string(table), to_string(result));
  switch (result) {
    case Result::not_due:
      return;
    case Result::rotated:
      log_.info("rotated a table", {{"table", to_string(table)}});
      return;
    case Result::busy:
      log_.warn(
          "cannot rotate a table: its writers' transactions are too long; tried again at the next "
          "check",
          {{"table", to_string(table)}});
      return;
    case Result::unpublished:
      log_.error(
          "cannot rotate the outbox: the next segment holds unpublished events; is a relay "
          "running, or is there "
          "a row in pawl.relay_position of a relay that is no longer used?",
          {{"table", to_string(table)}});
      return;
  }
}

void Rotator::pause(milliseconds time, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  stopped_.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace pawl::rotation
