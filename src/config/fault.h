// One thing that is wrong with the configuration. All of them are reported at once, before anything
// starts.
#pragma once

#include <span>
#include <string>

namespace pawl::config {

struct Fault {
  std::string where;  // "pawl.toml:12", "PAWL_RETRY__DELAY_MAX", or "settings" for what no single
                      // place holds
  std::string what;   // what was found, for which setting; never a secret's value
  std::string expected;  // what would have been right
  std::string advice;    // what to do; may be empty when `expected` says it

  bool operator==(const Fault&) const = default;

  /// "where: what; expected …; advice", one line.
  [[nodiscard]] std::string text() const;
};

/// All faults, one a line, under a line that counts them. Ends with a newline.
[[nodiscard]] std::string render_faults(std::span<const Fault> faults);

}  // namespace pawl::config
