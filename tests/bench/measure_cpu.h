// CPU time and memory of processes, as the kernel counts them. Linux.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <vector>

namespace pawl::bench {

using CpuTime = std::chrono::duration<double>;  // seconds; the kernel's ticks are 10 ms

/// User and system time of all its threads until now; zero when there is no such process.
[[nodiscard]] CpuTime cpu_of(pid_t process);

/// The same with its children: those that live, and those that have ended and were waited for. For
/// PostgreSQL, whose every process is a child of the postmaster.
[[nodiscard]] CpuTime cpu_of_family(pid_t parent);

/// Of the whole machine, time that the hypervisor gave to others included.
[[nodiscard]] CpuTime cpu_of_machine();

/// The most memory that it ever held (VmHWM), in MiB; 0 when there is no such process.
[[nodiscard]] double peak_rss_mib(pid_t process);

/// Runnable processes, averaged over the last minute.
[[nodiscard]] double load_average();

/// CPU time of everybody at one moment.
struct CpuSample {
  std::chrono::steady_clock::time_point at{};
  CpuTime workers{}, postgres{}, broker{}, bench{}, machine{};
};

/// Whom to look at.
struct CpuProbe {
  std::vector<pid_t> workers;
  pid_t postgres = 0;
  pid_t broker = 0;

  [[nodiscard]] CpuSample sample() const;
};

/// How many cores were busy with what is none of ours: other work makes every figure worse.
[[nodiscard]] double cores_of_others(const CpuSample& before, const CpuSample& after);

}  // namespace pawl::bench
