// Everything here runs inside a signal handler: no malloc, no locks, no log.
#include "pawl/consumer/crash_report.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "pawl/observe/stack.h"

namespace pawl {
namespace {

constexpr std::array kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr unsigned kReportSecondsMax = 3;
constexpr std::size_t kStackBytes = 64 * 1024;

thread_local const engine::Handling* handling_here = nullptr;

// One line, cut where it is full.
class Line {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    const auto room = text_.size() - kEnd.size() - size_;
    const auto added = fmt::vformat_to_n(
        text_.data() + size_, room, fmt::string_view(format), fmt::make_format_args(args...));
    size_ += std::min(added.size, room);
  }
  /// What would end a JSON text early becomes a question mark.
  void add_text(std::string_view text) {
    for (const char c : text) {
      const bool plain = c >= ' ' && c != '"' && c != '\\';
      add("{}", plain ? c : '?');
    }
  }
  void write() {
    std::ranges::copy(kEnd, text_.data() + size_);
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text_.data(), size_ + kEnd.size());
  }

 private:
  static constexpr std::string_view kEnd = "\"}\n";
  std::array<char, 8192> text_{};
  std::size_t size_ = 0;
};

void add_time(Line& line) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  line.add("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
           utc.tm_year + 1900,
           utc.tm_mon + 1,
           utc.tm_mday,
           utc.tm_hour,
           utc.tm_min,
           utc.tm_sec,
           now.tv_nsec / 1'000'000);
}

void add_command(Line& line) {
  if (!handling_here) return;
  const engine::Handling::Seen seen = handling_here->read();
  if (!seen.busy) return;
  line.add(R"(,"command_type":")");
  line.add_text(seen.type->name);
  line.add(R"(","partition":{},"offset":{})", seen.partition, seen.offset);
}

void add_frame(void* context, const observe::Frame& frame) {
  Line& line = *static_cast<Line*>(context);
  line.add_text(frame.function ? frame.function : "?");
  if (frame.file) {
    line.add(" at ");
    line.add_text(frame.file);
    line.add(":{}", frame.line);
  }
  line.add("\\n");
}

void report(int number) {
  alarm(kReportSecondsMax);  // whatever state the process is in: it ends
  signal(SIGALRM, SIG_DFL);
  static Line line;
  line.add(R"({{"time":")");
  add_time(line);
  line.add(R"(","level":"error","message":"the process crashes","signal":"{}")",
           sigabbrev_np(number));
  add_command(line);
  line.add(R"(,"stack":")");
  constexpr int kOurOwn = 2;
  observe::walk_stack(kOurOwn, add_frame, &line);
  line.write();
  signal(number, SIG_DFL);
  raise(number);
}

}  // namespace

void report_crashes() {
  observe::prepare_stacks();
  for (const int number : kSignals) {
    struct sigaction present{};
    sigaction(number, nullptr, &present);
    if (present.sa_handler != SIG_DFL) continue;  // a sanitizer's, which tells more
    struct sigaction ours{};
    ours.sa_handler = report;
    ours.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
    sigaction(number, &ours, nullptr);
  }
}

CrashReportOfThread::CrashReportOfThread(const engine::Handling& handling) {
  handling_here = &handling;
  thread_local std::unique_ptr<char[]> memory;
  if (!memory) memory = std::make_unique<char[]>(kStackBytes);
  const stack_t stack{.ss_sp = memory.get(), .ss_flags = 0, .ss_size = kStackBytes};
  sigaltstack(&stack, nullptr);
}

CrashReportOfThread::~CrashReportOfThread() {
  handling_here = nullptr;
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
  sigaltstack(&none, nullptr);
}

}  // namespace pawl
