#include "pawl/relay/held_round.h"

#include <algorithm>

namespace pawl::relay {

void HeldRound::add(outbox::RowNumber number, int attempts, const OutboxRow& row) {
  entries_.push_back({number, key_of(row, end_tag()), attempts});
  rows_.add(row);
}

std::optional<Tag> HeldRound::next() {
  if (cut_short_) return std::nullopt;
  for (; cursor_ < entries_.size(); ++cursor_) {
    if (!stopped_.contains(entries_[cursor_].key)) return base_ + cursor_;
  }
  return std::nullopt;
}

void HeldRound::queued(Tag tag) {
  cursor_ = tag - base_ + 1;
  ++in_flight_;
}

void HeldRound::answered(Tag tag, const std::optional<Failure>& failure) {
  if (tag < base_ || tag - base_ >= cursor_ || entries_[tag - base_].answered) return;
  const std::size_t at = tag - base_;
  --in_flight_;
  entries_[at].answered = true;
  entries_[at].failure = failure;
  if (!failure) return;
  cut_short_ |= failure->remedy() == Remedy::reconnect_and_rerun;
  const auto [stopped, first] = stopped_.try_emplace(entries_[at].key, at);
  if (!first) stopped->second = std::min(stopped->second, at);
}

bool HeldRound::is_answered() {
  return !idle() && in_flight_ == 0 && !next();
}

outbox::HeldOutcome HeldRound::outcome(const Backoff& backoff) const {
  outbox::HeldOutcome outcome;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    const Entry& entry = entries_[at];
    const auto stopped = stopped_.find(entry.key);
    const std::size_t end = stopped == stopped_.end() ? entries_.size() : stopped->second;
    if (at < end && entry.answered) outcome.published.push_back(entry.number);
    if (at != end || entry.failure->remedy() == Remedy::reconnect_and_rerun) continue;
    const bool alone = entry.attempts > 0 || entry.failure->remedy() == Remedy::give_up;
    outcome.failed.push_back(
        {entry.number,
         {entry.failure->code(), entry.failure->what()},
         entry.attempts + 1,
         alone ? backoff.after(entry.attempts) : std::chrono::milliseconds{0}});
  }
  return outcome;
}

std::vector<HeldRound::Progress> HeldRound::progress() const {
  std::unordered_map<KeyHash, bool> keys;
  for (const Entry& entry : entries_) {
    bool& through = keys.try_emplace(entry.key, true).first->second;
    through &= entry.answered && !entry.failure;
  }
  std::vector<Progress> progress;
  progress.reserve(keys.size());
  for (const auto& [key, through] : keys) progress.push_back({key, through});
  return progress;
}

void HeldRound::end() {
  base_ = end_tag();
  cursor_ = 0;
  in_flight_ = 0;
  cut_short_ = false;
  rows_ = {};
  entries_.clear();
  stopped_.clear();
}

}  // namespace pawl::relay
