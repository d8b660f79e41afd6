// Loaded into a program before libc (LD_PRELOAD): the wall clock goes SHIFTED_CLOCK_SECONDS ahead,
// and waits until a wall-clock time still last as long as they should. (libfaketime does not know
// C11's cnd_timedwait(), by which librdkafka waits.)
#include <dlfcn.h>
#include <pthread.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>

#include <cstdlib>

namespace {

time_t shift() {
  static const char* const seconds = std::getenv("SHIFTED_CLOCK_SECONDS");
  static const time_t shift = seconds == nullptr ? 0 : std::atol(seconds);
  return shift;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

bool is_wall(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

timespec unshifted(const timespec* shifted) {
  return {shifted->tv_sec - shift(), shifted->tv_nsec};
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) {
  static auto* const next = real<decltype(clock_gettime)>("clock_gettime");
  const int result = next(clock, now);
  if (result == 0 && is_wall(clock)) now->tv_sec += shift();
  return result;
}

int gettimeofday(timeval* now, void* zone) {
  static auto* const next = real<int(timeval*, void*)>("gettimeofday");
  const int result = next(now, zone);
  if (result == 0) now->tv_sec += shift();
  return result;
}

time_t time(time_t* now) {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now != nullptr) *now = exact.tv_sec;
  return exact.tv_sec;
}

int timespec_get(timespec* now, int base) {
  return clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  static auto* const next = real<decltype(cnd_timedwait)>("cnd_timedwait");
  const timespec exact = unshifted(until);
  return next(condition, mutex, &exact);
}

int pthread_cond_timedwait(pthread_cond_t* condition,
                           pthread_mutex_t* mutex,
                           const timespec* until) {
  static auto* const next = real<decltype(pthread_cond_timedwait)>("pthread_cond_timedwait");
  const timespec exact = unshifted(until);
  return next(condition, mutex, &exact);
}

}  // extern "C"
