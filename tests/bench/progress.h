// What a person sees while the benchmark works.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace pawl::bench {

/// Lines on standard error, each with the seconds since the start. One thread.
class Progress {
 public:
  void say(const std::string& text) const {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begun_;
    fmt::print(stderr, "{:6.1f} s  {}\n", elapsed.count(), text);
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace pawl::bench
