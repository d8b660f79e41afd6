// A value that must not be shown: it prints as stars wherever it is printed.
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace pawl::config {

inline constexpr std::string_view kStars = "***";

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  /// The value itself, for the one call that needs it (opening a connection). Never for logs or
  /// messages.
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }

  bool operator==(const Secret&) const = default;

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << kStars; }

 private:
  std::string value_;
};

/// GoogleTest prints failed expectations with this; without it, it would print the object's bytes.
inline void PrintTo(const Secret&, std::ostream* out) {
  *out << kStars;
}

}  // namespace pawl::config

template <>
struct fmt::formatter<pawl::config::Secret> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const pawl::config::Secret&, Context& context) const {
    return fmt::formatter<std::string_view>::format(pawl::config::kStars, context);
  }
};
