// Which calls a thread is in, for the log of a process that hangs or crashes.
#pragma once

#include <pthread.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace pawl::observe {

/// One call, innermost first. Views and pointers live as long as the program.
struct Frame {
  std::uintptr_t address;
  const char* function;  // as the linker names it; null: unknown
  const char* file;      // null: unknown
  int line;
};

/// Told of each frame of the calling thread's stack but the innermost `skip`, of 40 at most.
/// Allocates nothing by malloc and takes no lock of ours, so that a signal handler may call it.
/// Source: libbacktrace, which comes with the compiler.
using TellFrame = void (*)(void* context, const Frame& frame);
void walk_stack(int skip, TellFrame tell, void* context);

/// Reads the program's symbols, which takes some 10 ms the first time: before it is urgent.
void prepare_stacks();

/// The stack of another thread, one line a call, with readable names; empty when the thread did not
/// answer within `wait_max`. The thread is interrupted by a signal (SIGRTMIN + 2) for as long as
/// walking takes; its system calls go on. One caller at a time; others wait.
[[nodiscard]] std::string stack_of(pthread_t thread,
                                   std::chrono::milliseconds wait_max = std::chrono::seconds{1});

}  // namespace pawl::observe
