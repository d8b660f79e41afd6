// A broker in memory: keeps what it was given, and fails or freezes when told to.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pawl/relay/ports.h"

namespace pawl::test {

/// publish() and deliveries() for the relay's thread, all else for the test's.
class RememberingPublisher final : public relay::Publisher {
 public:
  bool publish(const OutboxRow& row, std::uint64_t tag) override;
  bool publish_alone(const OutboxRow& row, std::uint64_t tag) override;
  void deliveries(std::vector<relay::Delivery>& into, std::chrono::milliseconds wait_max) override;
  void drop_queued() override;
  void on_delivery(std::function<void()> wake) override { wake_ = std::move(wake); }

  void refuse(const std::string& key);   // rows of that key cannot be published
  void fail(const std::string& key);     // the same, and nobody knows why
  void suspect(const std::string& key);  // they fail beside others, and alone they do not
  void accept(const std::string& key);
  void refuse_event(const std::string& payload);  // this one cannot be published
  void accept_event(const std::string& payload);
  void go_away();  // nothing can
  void come_back();
  /// The relay's thread stops at its next call, as if the process were stopped; thaw() lets it go
  /// on.
  void freeze();
  void freeze_at_publish(std::size_t calls);  // the so-manieth from now
  void thaw();
  /// Somebody is waiting for thaw().
  [[nodiscard]] bool frozen() const;

  /// Payloads in the order the broker took them.
  [[nodiscard]] std::vector<std::string> log() const;
  [[nodiscard]] std::vector<std::string> log(const std::string& key) const;
  [[nodiscard]] std::vector<OutboxRow> rows() const;
  [[nodiscard]] std::size_t count() const;
  /// Calls of publish(), whatever became of them.
  [[nodiscard]] std::size_t offers() const;

 private:
  struct Queued {
    OutboxRow row;
    std::uint64_t tag;
    bool alone;
  };
  bool publish(const OutboxRow& row, std::uint64_t tag, bool alone);
  [[nodiscard]] std::optional<Failure> failure_of(const Queued& queued) const;
  void wait_while_frozen(std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable thawed_;
  bool frozen_ = false, waiting_ = false, away_ = false;
  std::size_t freeze_in_ = 0;  // calls of publish(); 0: not
  std::set<std::string> refused_, failing_, suspected_, refused_events_;
  std::deque<Queued> queue_;
  std::vector<OutboxRow> rows_;
  std::size_t offers_ = 0;
  std::function<void()> wake_;
};

/// What is wrong with `log` when these counts of events per key were committed: each at least once,
/// first publications in order. Empty: nothing.
[[nodiscard]] std::string problem_of(const std::vector<std::string>& log,
                                     const std::map<std::string, int>& committed);

}  // namespace pawl::test
