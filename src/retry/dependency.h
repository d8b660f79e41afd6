// What a handler calls a service outside through.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include "pawl/retry/circuits.h"

namespace pawl {

/// The circuit is open, so the call was not made. Let it through: the command waits until the
/// service is there again, and no attempt is counted.
class DependencyDown : public std::runtime_error {
 public:
  explicit DependencyDown(std::string_view dependency)
      : std::runtime_error(std::string(dependency) + " is down: its circuit is open") {}
};

/// What went wrong in a handler's calls to dependencies, so that the engine can tell whose fault an
/// exception is. One thread's.
struct DependencyTrouble {
  std::string dependency{};
  std::exception_ptr thrown{};             // by its call; null: nothing went wrong
  std::optional<SteadyTime> open_until{};  // of its circuit
  bool called = false;                     // the call was made
};

/// See Context::dependency(). Lives during one call of a handler; used by its thread.
class Dependency {
 public:
  Dependency(std::string_view name, Circuits& circuits, DependencyTrouble& trouble)
      : name_(name), circuits_(circuits), circuit_(circuits.of(name)), trouble_(trouble) {}

  /// Calls `f()` and returns what it returns, unless the circuit is open: then throws
  /// DependencyDown. What `f` throws counts as a failure of the service and is thrown on: return
  /// what is an answer, also a refusal; throw when there was none. It must come back well within
  /// worker.handler_deadline, and the rows that the handler has locked stay locked meanwhile. The
  /// command may be handled again, so the service must take the same call twice: send it the
  /// command's id.
  template <class F>
  std::invoke_result_t<F&> call(F&& f) {
    enter();
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
        f();
        succeeded();
      } else {
        auto result = f();
        succeeded();
        return result;
      }
    } catch (const std::exception& error) {
      failed(error.what());
      throw;
    } catch (...) {
      failed("something that is no std::exception");
      throw;
    }
  }

 private:
  void enter();
  void succeeded();
  void failed(std::string what);

  std::string name_;
  Circuits& circuits_;
  Circuit& circuit_;
  DependencyTrouble& trouble_;
};

}  // namespace pawl
