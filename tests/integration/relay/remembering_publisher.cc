#include "integration/relay/remembering_publisher.h"

#include "support/kept.h"

namespace pawl::test {
namespace {

constexpr std::size_t kQueueMax = 500;

}  // namespace

void RememberingPublisher::wait_while_frozen(std::unique_lock<std::mutex>& lock) {
  waiting_ = frozen_;
  thawed_.wait(lock, [this] { return !frozen_; });
  waiting_ = false;
}

bool RememberingPublisher::publish(const OutboxRow& row, std::uint64_t tag) {
  return publish(row, tag, false);
}

bool RememberingPublisher::publish_alone(const OutboxRow& row, std::uint64_t tag) {
  return publish(row, tag, true);
}

bool RememberingPublisher::publish(const OutboxRow& row, std::uint64_t tag, bool alone) {
  std::unique_lock lock{mutex_};
  if (freeze_in_ > 0 && --freeze_in_ == 0) frozen_ = true;
  wait_while_frozen(lock);
  if (queue_.size() >= kQueueMax) return false;
  ++offers_;
  queue_.push_back({kept(row), tag, alone});
  if (queue_.size() == 1) wake_();
  return true;
}

std::optional<Failure> RememberingPublisher::failure_of(const Queued& queued) const {
  const std::string key{queued.row.key.value_or("")};
  if (away_) return Failure(Remedy::reconnect_and_rerun, "broker_away", "no broker");
  if (refused_.contains(key) ||
      refused_events_.contains(std::string(queued.row.payload.value_or("")))) {
    return Failure(Remedy::give_up, "refused", "the test refuses this");
  }
  if (failing_.contains(key) || (suspected_.contains(key) && !queued.alone))
    return Failure(Remedy::retry_later, "failed", "the test lets this fail");
  return std::nullopt;
}

void RememberingPublisher::deliveries(std::vector<relay::Delivery>& into,
                                      std::chrono::milliseconds) {
  std::unique_lock lock{mutex_};
  wait_while_frozen(lock);
  for (; !queue_.empty(); queue_.pop_front()) {
    const Queued& queued = queue_.front();
    into.push_back({queued.tag, failure_of(queued)});
    if (!into.back().failure) rows_.push_back(queued.row);
  }
}

void RememberingPublisher::drop_queued() {
  const std::scoped_lock lock{mutex_};
  queue_.clear();
}

void RememberingPublisher::refuse(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  refused_.insert(key);
}

void RememberingPublisher::fail(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  failing_.insert(key);
}

void RememberingPublisher::suspect(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  suspected_.insert(key);
}

void RememberingPublisher::accept(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  for (auto* keys : {&refused_, &failing_, &suspected_}) keys->erase(key);
}

void RememberingPublisher::refuse_event(const std::string& payload) {
  const std::scoped_lock lock{mutex_};
  refused_events_.insert(payload);
}

void RememberingPublisher::accept_event(const std::string& payload) {
  const std::scoped_lock lock{mutex_};
  refused_events_.erase(payload);
}

void RememberingPublisher::go_away() {
  const std::scoped_lock lock{mutex_};
  away_ = true;
}

void RememberingPublisher::come_back() {
  const std::scoped_lock lock{mutex_};
  away_ = false;
}

void RememberingPublisher::freeze() {
  const std::scoped_lock lock{mutex_};
  frozen_ = true;
}

void RememberingPublisher::freeze_at_publish(std::size_t calls) {
  const std::scoped_lock lock{mutex_};
  freeze_in_ = calls;
}

bool RememberingPublisher::frozen() const {
  const std::scoped_lock lock{mutex_};
  return waiting_;
}

void RememberingPublisher::thaw() {
  {
    const std::scoped_lock lock{mutex_};
    frozen_ = false;
  }
  thawed_.notify_all();
}

std::vector<std::string> RememberingPublisher::log() const {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> log;
  for (const OutboxRow& row : rows_) log.emplace_back(row.payload.value_or(""));
  return log;
}

std::vector<std::string> RememberingPublisher::log(const std::string& key) const {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> log;
  for (const OutboxRow& row : rows_) {
    if (row.key == key) log.emplace_back(row.payload.value_or(""));
  }
  return log;
}

std::vector<OutboxRow> RememberingPublisher::rows() const {
  const std::scoped_lock lock{mutex_};
  return rows_;
}

std::size_t RememberingPublisher::count() const {
  const std::scoped_lock lock{mutex_};
  return rows_.size();
}

std::size_t RememberingPublisher::offers() const {
  const std::scoped_lock lock{mutex_};
  return offers_;
}

std::string problem_of(const std::vector<std::string>& log,
                       const std::map<std::string, int>& committed) {
  std::map<std::string, int> seen;
  for (const std::string& payload : log) {
    const auto colon = payload.find(':');
    const std::string key = payload.substr(0, colon);
    const int number = std::stoi(payload.substr(colon + 1));
    if (number > seen[key] + 1)
      return payload + " was first published before " + key + ":" + std::to_string(number - 1);
    seen[key] = std::max(seen[key], number);
  }
  for (const auto& [key, count] : committed) {
    if (seen[key] != count) {
      return key + ": " + std::to_string(seen[key]) + " of " + std::to_string(count) +
             " events were published";
    }
  }
  return "";
}

}  // namespace pawl::test
