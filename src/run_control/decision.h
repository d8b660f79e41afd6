// Who decided something, and why: what the audit keeps.
#pragma once

#include <string>

namespace pawl::run_control {

struct Decision {
  std::string who;
  std::string reason;
};

}  // namespace pawl::run_control
