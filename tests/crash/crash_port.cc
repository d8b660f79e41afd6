#include "crash/crash_port.h"

#include <signal.h>
#include <unistd.h>

namespace pawl::test {

std::optional<Point> point_called(std::string_view name) {
  for (const Point point : kPoints) {
    if (to_string(point) == name) return point;
  }
  return std::nullopt;
}

bool CrashPort::pass(Point point) {
  if (plan_.point != point) return false;
  const std::uint64_t passes = ++passes_;
  if (plan_.again ? passes % plan_.pass != 0 : passes != plan_.pass) return false;
  switch (plan_.harm) {
    case Harm::none:
      return false;
    case Harm::kill:
      ::kill(::getpid(), SIGKILL);
      return false;
    case Harm::freeze:
      ::kill(::getpid(), SIGSTOP);
      return false;
    case Harm::terminate:
      return true;
  }
  return false;
}

}  // namespace pawl::test
