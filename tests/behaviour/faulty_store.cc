#include "behaviour/faulty_store.h"

#include <algorithm>
#include <utility>

namespace pawl::test {
namespace {

const Failure kLost{Remedy::reconnect_and_rerun, "08006", "connection lost (by the test)"};

}  // namespace

FaultyStore::~FaultyStore() = default;

void FaultyStore::reconnect(int sessions) {
  sessions_.clear();
  open_ = 0;
  if (sessions > 0) ++reconnects_;
  if (sessions > 0 && away_ > 0) {
    --away_;
    inner_.reconnect(0);
    throw Failure(Remedy::reconnect_and_rerun, "08001", "the database is away (by the test)");
  }
  inner_.reconnect(sessions);
  for (int i = 0; i < sessions; ++i) {
    sessions_.push_back(std::make_unique<FaultySession>(*this, inner_.session(i)));
  }
}

engine::Session& FaultyStore::session(int index) {
  return *sessions_.at(static_cast<std::size_t>(index));
}

bool FaultyStore::holding() const {
  return std::ranges::any_of(sessions_, [](const auto& session) { return session->holding(); });
}

void FaultyStore::let_go() {
  for (const auto& session : sessions_) session->let_go();
}

void FaultyStore::refuse_held(const Failure& failure) {
  for (const auto& session : sessions_) session->refuse_held(failure);
}

void FaultyStore::cut() {
  for (const auto& session : sessions_) session->cut();
}

FaultyStore::Plan FaultyStore::plan(Step step) {
  if (!failures_[step].empty()) return Plan::fail;
  if (std::exchange(hold_[step], false)) return Plan::hold_answer;
  if (step != Step::commit) return Plan::pass;
  if (std::exchange(hold_commit_back_, false)) return Plan::hold_request;
  if (std::exchange(roll_back_commit_, false)) return Plan::roll_back;
  if (std::exchange(cut_before_commit_, false)) return Plan::cut_before;
  if (std::exchange(cut_after_commit_, false)) return Plan::cut_after;
  return Plan::pass;
}

Failure FaultyStore::take_failure(Step step) {
  Failure failure = failures_[step].front();
  failures_[step].pop_front();
  return failure;
}

void FaultyStore::opened(int change) {
  open_ += change;
  open_max_ = std::max(open_max_, open_);
}

template <class Send>
void FaultySession::request(Step step, Send send) {
  Expected expected;
  expected.ends = step == Step::commit;
  switch (store_.plan(step)) {
    case FaultyStore::Plan::pass:
      send();
      break;
    case FaultyStore::Plan::fail:
      expected.made_up = store_.take_failure(step);
      break;
    case FaultyStore::Plan::hold_answer:
      send();
      expected.held = true;
      break;
    case FaultyStore::Plan::hold_request:
      expected.held = expected.not_sent = true;
      break;
    case FaultyStore::Plan::roll_back:
      expected.made_up = rolled_back();
      break;
    case FaultyStore::Plan::cut_before:
      return cut();
    case FaultyStore::Plan::cut_after:
      send();
      expected.lost_when_here = true;
      break;
  }
  expected_.push_back(std::move(expected));
}

void FaultySession::take_parked(const engine::TakeParkedRequest& request_) {
  request(Step::take_parked, [&] { inner_.take_parked(request_); });
}
void FaultySession::claim(const engine::ClaimRequest& request_) {
  store_.claims_.push_back(request_.claims.size());
  store_.locked_ |= request_.lock_loaded;
  store_.opened(1);
  request(Step::claim, [&] { inner_.claim(request_); });
}
void FaultySession::load(const engine::LoadRequest& request_) {
  store_.locked_ |= request_.lock_loaded;
  request(Step::load, [&] { inner_.load(request_); });
}
void FaultySession::save(const engine::SaveRequest& request_) {
  request(Step::save, [&] { inner_.save(request_); });
}
void FaultySession::fence(const engine::FenceRequest& request_) {
  request(Step::fence, [&] { inner_.fence(request_); });
}
void FaultySession::commit() {
  request(Step::commit, [&] { inner_.commit(); });
}

std::optional<engine::Answer> FaultySession::receive() {
  if (cut_) {
    if (std::exchange(cut_told_, true)) return std::nullopt;
    return kLost;
  }
  if (expected_.empty()) return inner_.receive();
  Expected& first = expected_.front();
  if (!first.made_up && !first.not_sent) first.made_up = inner_.receive();
  if (!first.made_up || first.held) return std::nullopt;
  if (first.lost_when_here) {
    cut();
    return receive();
  }
  engine::Answer answer = std::move(*first.made_up);
  if (first.ends) store_.opened(-1);
  expected_.pop_front();
  return answer;
}

// Unless its connection is gone already.
engine::Answer FaultySession::rolled_back() {
  try {
    inner_.rollback();
    return engine::CommitAnswer{false};
  } catch (const Failure& failure) {
    return failure;
  }
}

void FaultySession::rollback() {
  if (cut_) throw kLost;
  expected_.clear();
  ++store_.rollbacks_;
  inner_.rollback();
  store_.opened(-1);
}

bool FaultySession::holding() const {
  return std::ranges::any_of(
      expected_, [](const Expected& each) { return each.held && (each.not_sent || each.made_up); });
}

void FaultySession::let_go() {
  for (Expected& each : expected_) {
    if (each.not_sent) inner_.commit();
    each.held = each.not_sent = false;
  }
}

void FaultySession::refuse_held(const Failure& failure) {
  for (Expected& each : expected_) {
    if (!each.not_sent) continue;
    each.made_up = failure;
    each.held = each.not_sent = false;
  }
}

void FaultySession::cut() {
  cut_ = true;
}

}  // namespace pawl::test
