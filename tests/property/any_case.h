// Draws cases for rapidcheck.
#pragma once

#include <rapidcheck.h>

#include "property/case.h"

namespace pawl::test {

/// Cases of at most as many operations as rapidcheck's size says. They shrink by leaving operations
/// out, and to plainer ones.
[[nodiscard]] rc::Gen<Case> any_case();

}  // namespace pawl::test
