#include "pawl/observe/stack.h"

#include <backtrace.h>
#include <cxxabi.h>
#include <fmt/format.h>
#include <semaphore.h>
#include <signal.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <mutex>

namespace pawl::observe {
namespace {

constexpr int kFramesMax = 40;

void ignore_error(void* /*context*/, const char* /*what*/, int /*number*/) {}

backtrace_state* symbols() {
  static backtrace_state* const state = backtrace_create_state(nullptr, 1, ignore_error, nullptr);
  return state;
}

struct Walk {
  TellFrame tell;
  void* context;
  int told = 0;
  bool named = false;  // whether anything was told of the present address
};

int tell_line(
    void* context, std::uintptr_t address, const char* file, int line, const char* function) {
  auto& walk = *static_cast<Walk*>(context);
  if (!function || walk.told == kFramesMax) return 0;
  walk.tell(walk.context, {address, function, file, line});
  walk.named = true;
  ++walk.told;
  return 0;
}

void tell_symbol(void* context,
                 std::uintptr_t address,
                 const char* name,
                 std::uintptr_t /*value*/,
                 std::uintptr_t /*size*/) {
  const auto& walk = *static_cast<const Walk*>(context);
  walk.tell(walk.context, {address, name, nullptr, 0});
}

int tell_address(void* context, std::uintptr_t address) {
  auto& walk = *static_cast<Walk*>(context);
  walk.named = false;
  backtrace_pcinfo(symbols(), address, tell_line, ignore_error, &walk);
  if (!walk.named && walk.told < kFramesMax) {
    backtrace_syminfo(symbols(), address, tell_symbol, ignore_error, &walk);
    ++walk.told;
  }
  return walk.told == kFramesMax ? 1 : 0;
}

// What the interrupted thread writes down and the asking thread reads: addresses only.
struct Asked {
  std::array<std::uintptr_t, kFramesMax> addresses{};
  std::size_t count = 0;
  sem_t done{};
};
Asked asked;  // NOLINT: a signal handler knows nothing else

int note_address(void* /*context*/, std::uintptr_t address) {
  asked.addresses[asked.count++] = address;
  return asked.count == asked.addresses.size() ? 1 : 0;
}

void answer(int /*signal*/) {
  constexpr int kOurOwn = 2;  // this one, and the one that the kernel returns through
  asked.count = 0;
  backtrace_simple(symbols(), kOurOwn, note_address, ignore_error, nullptr);
  sem_post(&asked.done);
}

std::string readable(const char* name) {
  if (!name) return "?";
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text{
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free};
  return text ? text.get() : name;
}

void add_line(void* context, const Frame& frame) {
  auto& text = *static_cast<std::string*>(context);
  if (!text.empty()) text += '\n';
  text += readable(frame.function);
  if (frame.file) text += fmt::format(" at {}:{}", frame.file, frame.line);
}

bool wait_for_answer(std::chrono::milliseconds wait_max) {
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  const auto nanoseconds = until.tv_nsec + std::chrono::nanoseconds{wait_max}.count();
  until.tv_sec += nanoseconds / 1'000'000'000;
  until.tv_nsec = nanoseconds % 1'000'000'000;
  return sem_timedwait(&asked.done, &until) == 0;
}

}  // namespace

void prepare_stacks() {
  walk_stack(0, [](void*, const Frame&) {}, nullptr);
}

void walk_stack(int skip, TellFrame tell, void* context) {
  Walk walk{tell, context};
  backtrace_simple(symbols(), skip + 1, tell_address, ignore_error, &walk);
}

std::string stack_of(pthread_t thread, std::chrono::milliseconds wait_max) {
  static std::mutex mutex;
  const std::scoped_lock lock(mutex);
  const int number = SIGRTMIN + 2;
  sem_init(&asked.done, 0, 0);
  struct sigaction action{};
  action.sa_handler = answer;
  action.sa_flags = SA_RESTART;
  sigaction(number, &action, nullptr);
  prepare_stacks();
  if (pthread_kill(thread, number) != 0 || !wait_for_answer(wait_max)) return {};
  std::string text;
  Walk walk{add_line, &text};
  for (std::size_t i = 0; i < asked.count; ++i) tell_address(&walk, asked.addresses[i]);
  return text;
}

}  // namespace pawl::observe
