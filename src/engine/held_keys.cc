#include "pawl/engine/held_keys.h"

#include "pawl/retry/retry_policy.h"

namespace pawl::engine {

void HeldKeys::restart(std::span<const HeldKeyFound> found, SteadyTime now) {
  keys_.clear();
  due_.clear();
  parked_ = 0;
  for (const HeldKeyFound& each : found) {
    HeldKey& key = keys_[each.place.held];
    key.attempts = each.attempts;
    key.first_failed_at = now - each.failing_for;
    key.due_at = refused_.contains(each.place.held) ? now : now + each.due_in;
    key.last_failure = each.last_failure;
    key.parked = each.parked;
    key.next_sequence = each.next_sequence;
    parked_ += each.parked;
  }
  for (const auto& [id, key] : keys_) await_due(id, key);
  const auto is_gone = [this](const auto& entry) { return !keys_.contains(entry.first); };
  std::erase_if(refused_, is_gone);
  std::erase_if(suspects_, is_gone);
}

void HeldKeys::refuse(const HeldKeyId& id, FailureNote failure) {
  refused_.insert_or_assign(id, std::move(failure));
}

std::unique_ptr<FailureNote> HeldKeys::take_refusal(const HeldKeyId& id) {
  auto node = refused_.extract(id);
  return node ? std::make_unique<FailureNote>(std::move(node.mapped())) : nullptr;
}

bool HeldKeys::is_alone(const HeldKeyId& id) const {
  const auto at = keys_.find(id);
  return refused_.contains(id) || suspects_.contains(id) ||
         (at != keys_.end() && at->second.last_failure.failure_class == kDatabaseClass);
}

void HeldKeys::suspect(const HeldKeyId& id, int crashes) {
  suspects_.insert_or_assign(id, crashes);
}

int HeldKeys::crashes_on(const HeldKeyId& id) const {
  const auto at = suspects_.find(id);
  return at == suspects_.end() ? 0 : at->second;
}

HeldKey* HeldKeys::find(const HeldKeyId& id) {
  const auto at = keys_.find(id);
  return at == keys_.end() ? nullptr : &at->second;
}

const HeldKey* HeldKeys::find_key(std::string_view key) const {
  const auto at = keys_.find(Ref{key, HeldKeyId::kNotAlone});
  return at == keys_.end() ? nullptr : &at->second;
}

void HeldKeys::pause(std::set<std::string, std::less<>> types) {
  if (types == paused_) return;
  paused_ = std::move(types);
  due_.clear();
  for (const auto& [id, key] : keys_) {
    if (key.batch == 0) await_due(id, key);
  }
}

void HeldKeys::await_due(const HeldKeyId& id, const HeldKey& key) {
  if (!key.head_type || !is_paused(*key.head_type)) due_.emplace(key.due_at, &id);
}

HeldKey& HeldKeys::hold(const HeldKeyId& id, BatchNumber batch) {
  HeldKey& key = keys_[id];
  key.batch = batch;
  return key;
}

std::int64_t HeldKeys::append(HeldKey& key) {
  ++key.parked;
  ++parked_;
  return key.next_sequence++;
}

void HeldKeys::end_head(HeldKey& key, SteadyTime now) {
  --key.parked;
  --parked_;
  key.attempts = 0;
  key.tried = 0;
  key.last_failure = {};
  key.head_type = nullptr;
  key.due_at = now;
}

void HeldKeys::release(const HeldKeyId& id) {
  keys_.erase(id);
  suspects_.erase(id);
}

std::optional<SteadyTime> HeldKeys::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

const HeldKeyId* HeldKeys::take_due(SteadyTime now, BatchNumber batch) {
  if (due_.empty() || due_.begin()->first > now) return nullptr;
  const HeldKeyId* id = due_.begin()->second;
  due_.erase(due_.begin());
  keys_.find(*id)->second.batch = batch;
  return id;
}

void HeldKeys::settle(const HeldKeyId& id, BatchNumber batch) {
  const auto at = keys_.find(id);
  if (at == keys_.end() || at->second.batch != batch) return;
  at->second.stuck = false;
  at->second.tried = 0;
  if (const auto suspect = suspects_.find(id); suspect != suspects_.end()) suspect->second = 1;
  put_back(id);
}

void HeldKeys::put_back(const HeldKeyId& id) {
  const auto at = keys_.find(id);
  at->second.batch = 0;
  await_due(at->first, at->second);
}

}  // namespace pawl::engine
