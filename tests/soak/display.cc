#include "soak/display.h"

#include <fmt/format.h>

#include "pawl/cli/numbers.h"

namespace pawl::soak {
namespace {

constexpr Seconds kEvery{10};

std::string line_of(const Progress& progress) {
  std::string now;
  for (const std::string& fault : progress.faults) now += (now.empty() ? "" : ", ") + fault;
  const auto lag = progress.sent - std::min(progress.sent, progress.received);
  const std::string whole = progress.whole.count() > 0
                                ? fmt::format(" of {:.0f}", progress.whole.count())
                                : " warming up";
  return fmt::format("{:6.1f} s{}  sent {}  done {}  waiting {}  {:.0f} MiB  fault {}: {}",
                     progress.elapsed.count(),
                     whole,
                     cli::grouped(static_cast<std::int64_t>(progress.sent)),
                     cli::grouped(static_cast<std::int64_t>(progress.received)),
                     cli::grouped(static_cast<std::int64_t>(lag)),
                     progress.rss_mib,
                     progress.made,
                     now.empty() ? "-" : now);
}

}  // namespace

void Display::say(Seconds elapsed, const std::string& text) {
  terminal_.draw({fmt::format("{:6.1f} s  {}", elapsed.count(), text)});
  terminal_.keep();
}

void Display::show(const Progress& progress) {
  if (!terminal_.interactive() && progress.elapsed - shown_ < kEvery) return;
  shown_ = progress.elapsed;
  terminal_.draw({line_of(progress)});
}

}  // namespace pawl::soak
