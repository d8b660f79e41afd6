#include "pawl/kafka/publisher.h"

#include "pawl/kafka/event_headers.h"
#include "pawl/kafka/producer_link.h"

namespace pawl::kafka {
namespace {

void* as_opaque(std::size_t slot) {
  return reinterpret_cast<void*>(slot);
}
std::size_t as_slot(const void* opaque) {
  return reinterpret_cast<std::size_t>(opaque);
}

// Of this row only, unless the broker is away: the relay holds the row's key and lets the others
// pass.
Failure row_failure(rd_kafka_resp_err_t error, std::string_view topic) {
  const Remedy remedy = remedy_for(error) == Remedy::reconnect_and_rerun
                            ? Remedy::reconnect_and_rerun
                            : Remedy::retry_later;
  return make_failure(remedy, error, "cannot publish to topic=" + std::string(topic));
}

}  // namespace

Publisher::Publisher(ProducerSettings settings)
    : settings_(std::move(settings)), link_(std::make_unique<ProducerLink>(settings_)) {}

Publisher::~Publisher() = default;

bool Publisher::publish(const OutboxRow& row, std::uint64_t tag) {
  HeadersHandle headers;
  try {
    headers = row.headers ? verbatim_headers(*row.headers) : cloud_event_headers(row);
  } catch (const Failure& failure) {
    refused_.push_back({tag, failure});
    return true;
  }
  const std::size_t slot = keep(tag);
  const rd_kafka_resp_err_t error =
      link().produce({.topic = row.topic, .key = row.key, .value = row.payload},
                     std::move(headers),
                     as_opaque(slot));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    tags_[slot].taken = false;
    free_.push_back(slot);
    return false;
  }
  answer(slot, row_failure(error, row.topic), refused_);
  return true;
}

void Publisher::deliveries(std::vector<relay::Delivery>& into, std::chrono::milliseconds wait_max) {
  if (!refused_.empty()) {
    for (relay::Delivery& delivery : refused_) into.push_back(std::move(delivery));
    refused_.clear();
    wait_max = {};
  }
  if (!link_) return;
  link_->deliveries(wait_max, [&](const rd_kafka_message_t& message) {
    std::optional<Failure> failure;
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      failure = row_failure(message.err, rd_kafka_topic_name(message.rkt));
    }
    answer(as_slot(message._private), std::move(failure), into);
  });
  if (const auto failure = link_->fatal()) abandon(*failure, into);
}

// With the producer, so that no later row can be missed in its sequence; the next publish() makes a
// new one.
void Publisher::drop_queued() {
  refused_.clear();
  tags_.clear();
  free_.clear();
  link_.reset();
}

void Publisher::on_delivery(std::function<void()> wake) {
  if (link_) link_->on_report(nullptr);
  wake_ = std::move(wake);
  if (link_ && wake_) link_->on_report(&wake_);
}

ProducerLink& Publisher::link() {
  if (!link_) {
    link_ = std::make_unique<ProducerLink>(settings_);
    if (wake_) link_->on_report(&wake_);
  }
  return *link_;
}

std::size_t Publisher::keep(std::uint64_t tag) {
  if (free_.empty()) {
    tags_.push_back({tag, true});
    return tags_.size() - 1;
  }
  const std::size_t slot = free_.back();
  free_.pop_back();
  tags_[slot] = {tag, true};
  return slot;
}

void Publisher::answer(std::size_t slot,
                       std::optional<Failure> failure,
                       std::vector<relay::Delivery>& into) {
  into.push_back({tags_[slot].tag, std::move(failure)});
  tags_[slot].taken = false;
  free_.push_back(slot);
}

// Rows that were in flight may have been written or not; the relay publishes them again, which G3
// allows.
void Publisher::abandon(const Failure& failure, std::vector<relay::Delivery>& into) {
  for (const Waiting& waiting : tags_) {
    if (waiting.taken) into.push_back({waiting.tag, failure});
  }
  tags_.clear();
  free_.clear();
  link_.reset();
}

}  // namespace pawl::kafka
