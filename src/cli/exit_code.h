// What the shell is told. The numbers are those of sysexits.h, so that scripts can tell "try again"
// from "change something".
#pragma once

namespace pawl::cli {

enum class ExitCode {
  ok = 0,
  failed = 1,          // it ran, and the answer is no
  usage = 64,          // wrong arguments
  unavailable = 75,    // database or broker cannot be reached now: try again
  configuration = 78,  // settings are wrong
};

}  // namespace pawl::cli
