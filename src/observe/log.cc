#include "pawl/observe/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <mutex>

#include "pawl/core/rfc3339.h"
#include "pawl/observe/log_text.h"

namespace pawl::observe {
namespace {

/// spdlog only carries the finished line to standard error: whole lines, flushed, one thread at a
/// time.
LogWriter standard_error() {
  auto logger =
      std::make_shared<spdlog::logger>("pawl", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("%v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::trace);
  logger->set_error_handler([](const std::string&) {});
  return [logger](std::string_view line) {
    line.remove_suffix(1);  // spdlog ends the line itself
    logger->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
    logger->flush();
  };
}

std::string_view short_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info ";
    case LogLevel::warning:
      return "WARN ";
    case LogLevel::error:
      return "ERROR";
  }
  return "impossible";
}

}  // namespace

struct Log::Core {
  const Clock& clock;
  LogFormat format;
  LogWriter writer;
  std::atomic<LogLevel> level;
  std::mutex mutex;  // of the writer
};

Log::Log(const Clock& clock, Options options)
    : core_(new Core{clock,
                     options.format,
                     options.writer ? std::move(options.writer) : standard_error(),
                     options.level,
                     {}}) {}

bool Log::enabled(LogLevel level) const noexcept {
  return level >= core_->level.load(std::memory_order_relaxed);
}

void Log::set_level(LogLevel level) noexcept {
  core_->level.store(level, std::memory_order_relaxed);
}

Log Log::with(std::initializer_list<Field> fields) const {
  Log child = *this;
  switch (core_->format) {
    case LogFormat::json:
      append_json_fields(child.bound_, {fields.begin(), fields.size()});
      break;
    case LogFormat::text:
      append_plain_fields(child.bound_, {fields.begin(), fields.size()});
      break;
  }
  return child;
}

void Log::write(LogLevel level, std::string_view message, std::initializer_list<Field> fields) const
    try {
  std::string line;
  line.reserve(256);
  switch (core_->format) {
    case LogFormat::json:
      line += "{\"time\":\"";
      line += rfc3339(core_->clock.wall());
      line += "\",\"level\":\"";
      line += to_string(level);
      line += "\",\"message\":";
      append_json_text(line, message);
      line += bound_;
      append_json_fields(line, {fields.begin(), fields.size()});
      line += "}\n";
      break;
    case LogFormat::text:
      line += rfc3339(core_->clock.wall());
      line += ' ';
      line += short_name(level);
      line += ' ';
      append_plain_text(line, message);
      append_plain_fields(line, {fields.begin(), fields.size()});
      line += bound_;
      line += '\n';
      break;
  }
  const std::scoped_lock lock{core_->mutex};
  core_->writer(line);
} catch (...) {
  // Out of memory or no standard error: whoever logs has something better to do than to fail for
  // it.
}

}  // namespace pawl::observe
