#include "support/eventually.h"

#include <algorithm>
#include <thread>

namespace pawl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause{1};
constexpr milliseconds kLongestPause{50};

}  // namespace

testing::AssertionResult eventually_without(const std::string& what,
                                            const std::function<std::string()>& problem,
                                            milliseconds deadline) {
  const auto end = steady_clock::now() + deadline;
  auto pause = kFirstPause;
  while (true) {
    auto seen = problem();
    if (seen.empty()) return testing::AssertionSuccess();
    if (steady_clock::now() >= end) {
      return testing::AssertionFailure()
             << "not within " << deadline.count() << " ms: " << what << "; last seen: " << seen;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

testing::AssertionResult eventually(const std::string& what,
                                    const std::function<bool()>& condition,
                                    milliseconds deadline) {
  return eventually_without(
      what, [&] { return condition() ? std::string{} : "not yet"; }, deadline);
}

void keep_doing(const std::function<void()>& act, milliseconds pause, milliseconds time) {
  const auto end = steady_clock::now() + time;
  while (steady_clock::now() < end) {
    act();
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace pawl::test
