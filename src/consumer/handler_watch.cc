#include "pawl/consumer/handler_watch.h"

#include <algorithm>

namespace pawl {

bool HandlerWatch::hangs(const engine::Handling::Seen& seen, SteadyTime now) {
  if (!seen.busy || seen.number != number_) {
    number_ = seen.number;
    spent_ = {};
  } else {
    spent_ += std::min(now - last_, step_max_);
  }
  last_ = now;
  return spent_ >= deadline_;
}

}  // namespace pawl
