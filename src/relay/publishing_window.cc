#include "pawl/relay/publishing_window.h"

#include <algorithm>

namespace pawl::relay {

std::chrono::milliseconds Backoff::after(int attempts) const noexcept {
  constexpr int kDoublingsMax = 20;
  return std::min(max, min * (1L << std::min(attempts, kDoublingsMax)));
}

Tag PublishingWindow::add(outbox::RowNumber number, KeyHash key) {
  rows_.push_back({number, key, State::waiting});
  if (!holds_.empty()) {
    const auto held = holds_.find(key);
    if (held != holds_.end() && held->second.aside) aside_.insert(end() - 1);
  }
  return end() - 1;
}

std::optional<Tag> PublishingWindow::next(SteadyTime now) {
  if (paused_until_) {
    if (now < *paused_until_ || in_flight_ > 0) return std::nullopt;
    paused_until_.reset();
    cursor_ = base_;
  }
  if (!tries_.empty() && tries_.begin()->first <= now) {
    return holds_.at(tries_.begin()->second).first;
  }
  for (; cursor_ < end(); ++cursor_) {
    const Row& row = rows_[cursor_ - base_];
    if (row.state != State::waiting) continue;
    if (holds_.empty() || !holds_.contains(row.key)) return cursor_;
  }
  return std::nullopt;
}

void PublishingWindow::queued(Tag tag) {
  Row& row = rows_[tag - base_];
  row.state = State::in_flight;
  ++in_flight_;
  const auto held = holds_.empty() ? holds_.end() : holds_.find(row.key);
  if (held == holds_.end()) {
    cursor_ = tag + 1;
    return;
  }
  held->second.trying = true;
  tries_.erase(tries_.begin());  // next() answered with the first of them
}

PublishingWindow::Row* PublishingWindow::find(Tag tag) {
  return tag < base_ || tag >= end() ? nullptr : &rows_[tag - base_];
}

void PublishingWindow::acknowledged(Tag tag) {
  Row* row = find(tag);
  if (row == nullptr) return;
  switch (row->state) {
    case State::in_flight:
      row->state = State::acknowledged;
      pauses_ = 0;
      answered(tag, *row);
      return;
    case State::overtaken:
      row->state = State::waiting;
      answered(tag, *row);
      return;
    case State::waiting:
    case State::acknowledged:
    case State::kept:
      return;  // answered already
  }
}

void PublishingWindow::failed(Tag tag) {
  fail(tag, Fault::failed);
}
void PublishingWindow::refused(Tag tag) {
  fail(tag, Fault::refused);
}
void PublishingWindow::broker_away(Tag tag) {
  fail(tag, Fault::away);
}

void PublishingWindow::fail(Tag tag, Fault fault) {
  Row* row = find(tag);
  if (row == nullptr) return;
  switch (row->state) {
    case State::in_flight: {
      auto& trouble = troubles_.try_emplace(row->key, Trouble{tag, fault}).first->second;
      trouble.first = std::min(trouble.first, tag);
      trouble.fault = std::max(trouble.fault, fault);
      break;
    }
    case State::overtaken:
      break;
    case State::waiting:
    case State::acknowledged:
    case State::kept:
      return;  // answered already
  }
  row->state = State::waiting;
  away_ |= fault == Fault::away;
  answered(tag, *row);
}

void PublishingWindow::answered(Tag tag, const Row& row) {
  --in_flight_;
  const auto held = holds_.empty() ? holds_.end() : holds_.find(row.key);
  if (held == holds_.end()) return;
  Hold& hold = held->second;
  if (hold.trying && tag == hold.first) {
    hold.trying = false;
    if (row.state != State::acknowledged) return;  // settle() says when it is tried again
    holds_.erase(held);
    cursor_ = std::min(cursor_, tag + 1);
    return;
  }
  if (hold.aside && row.state == State::waiting) aside_.insert(tag);
  if (--hold.outstanding == 0 && !hold.aside) schedule(row.key, hold);
}

void PublishingWindow::settle(SteadyTime now) {
  if (!troubles_.empty()) {
    overtake_later_rows();
    for (const auto& [key, trouble] : troubles_) {
      if (trouble.fault != Fault::away || holds_.contains(key)) hold(key, trouble, now);
    }
    troubles_.clear();
  }
  if (away_) pause(now);
  away_ = false;
}

void PublishingWindow::overtake_later_rows() {
  for (Tag tag = base_; tag < end(); ++tag) {
    Row& row = rows_[tag - base_];
    const auto found = troubles_.find(row.key);
    if (found == troubles_.end()) continue;
    Trouble& trouble = found->second;
    if (tag > trouble.first) {
      if (row.state == State::acknowledged) row.state = State::waiting;
      if (row.state == State::in_flight) row.state = State::overtaken;
    }
    if (row.state == State::in_flight || row.state == State::overtaken) ++trouble.outstanding;
  }
}

void PublishingWindow::hold(KeyHash key, const Trouble& trouble, SteadyTime now) {
  const auto [it, fresh] = holds_.try_emplace(key);
  Hold& hold = it->second;
  if (!fresh) {
    std::erase_if(tries_, [key](const auto& entry) { return entry.second == key; });
    if (trouble.fault != Fault::away) ++hold.attempts;
  }
  hold.first = fresh ? trouble.first : std::min(hold.first, trouble.first);
  hold.due = now + backoff_.after(hold.attempts);
  hold.outstanding = trouble.outstanding;
  hold.aside |= trouble.fault == Fault::refused;
  if (hold.aside) {
    collect_aside(key);
  } else if (hold.outstanding == 0) {
    schedule(key, hold);
  }
}

void PublishingWindow::collect_aside(KeyHash key) {
  for (Tag tag = base_; tag < end(); ++tag) {
    const Row& row = rows_[tag - base_];
    if (row.key == key && row.state == State::waiting) aside_.insert(tag);
  }
}

void PublishingWindow::kept(Tag tag) {
  rows_[tag - base_].state = State::kept;
  aside_.erase(tag);
}

void PublishingWindow::resume(KeyHash key) {
  holds_.erase(key);
  std::erase_if(aside_, [&](Tag tag) { return this->key(tag) == key; });
  cursor_ = base_;
}

void PublishingWindow::schedule(KeyHash key, const Hold& hold) {
  tries_.emplace(hold.due, key);
}

void PublishingWindow::pause(SteadyTime now) {
  if (paused_until_) return;
  paused_until_ = now + backoff_.after(pauses_++);
}

std::optional<PublishingWindow::Released> PublishingWindow::release() {
  if (rows_.empty()) return std::nullopt;
  const State state = rows_.front().state;
  if (state != State::acknowledged && state != State::kept) return std::nullopt;
  const Released released{rows_.front().number, state == State::acknowledged};
  rows_.pop_front();
  ++base_;
  cursor_ = std::max(cursor_, base_);
  return released;
}

std::optional<SteadyTime> PublishingWindow::due() const {
  if (paused_until_) return in_flight_ > 0 ? std::nullopt : paused_until_;
  if (tries_.empty()) return std::nullopt;
  return tries_.begin()->first;
}

}  // namespace pawl::relay
