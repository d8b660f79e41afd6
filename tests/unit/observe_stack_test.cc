#include <gmock/gmock.h>

#include <csignal>
#include <future>
#include <thread>

#include "pawl/observe/stack.h"

namespace pawl::observe {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// Looks again and again: TSan hands signals on only between two calls of the C library.
[[gnu::noinline]] void wait_here(std::promise<void>& waits, std::future<void>& go) {
  waits.set_value();
  while (go.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) {
  }
}

TEST(StackTest, ShowsWhatAnotherThreadWaitsFor) {
  std::promise<void> waits, go;
  std::future<void> gone = go.get_future();
  std::jthread thread([&] { wait_here(waits, gone); });
  waits.get_future().wait();
  const std::string stack = stack_of(thread.native_handle());
  go.set_value();
  EXPECT_THAT(stack, AllOf(HasSubstr("wait_here"), HasSubstr("observe_stack_test.cc:")));
}

TEST(StackTest, IsEmptyWhenTheThreadDoesNotAnswerInTime) {
  std::promise<void> waits, go;
  std::future<void> gone = go.get_future();
  std::jthread thread([&] {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    wait_here(waits, gone);
  });
  waits.get_future().wait();
  EXPECT_THAT(stack_of(thread.native_handle(), std::chrono::milliseconds{1}), IsEmpty());
  go.set_value();
}

}  // namespace
}  // namespace pawl::observe
