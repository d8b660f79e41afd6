// The last log line of a process that crashes: which command it had in its hands, and where. It
// ends as it would have without us.
#pragma once

#include "pawl/engine/handling.h"

namespace pawl {

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT are told on standard error, where they
/// would have ended the process untold. Once, before threads start.
void report_crashes();

/// What handlers on the calling thread are at. While it lives, a crash on this thread names the
/// command, also when the stack has overflown.
class CrashReportOfThread {
 public:
  explicit CrashReportOfThread(const engine::Handling& handling);
  ~CrashReportOfThread();
  CrashReportOfThread(const CrashReportOfThread&) = delete;
  CrashReportOfThread& operator=(const CrashReportOfThread&) = delete;
};

}  // namespace pawl
