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

enum class About { row, request };

// What a failed delivery says about the row. Only what is known to be about it, or about its topic,
// may put it aside; what comes without knowing why is tried again.
Remedy remedy_for_row(rd_kafka_resp_err_t error, About about) noexcept {
  if (remedy_for(error) == Remedy::reconnect_and_rerun) return Remedy::reconnect_and_rerun;
  switch (error) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return Remedy::give_up;
    // The broker refuses the whole request for one record in it, or for the sum of them.
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      return about == About::row ? Remedy::give_up : Remedy::retry_later;
    default:
      return Remedy::retry_later;
  }
}

Failure row_failure(rd_kafka_resp_err_t error, std::string_view topic, About about) {
  return make_failure(
      remedy_for_row(error, about), error, "cannot publish to topic=" + std::string(topic));
}

ProducerSettings settings_alone(ProducerSettings settings) {
  settings.one_record_a_request = true;
  return settings;
}

}  // namespace

Publisher::Publisher(ProducerSettings settings)
    : settings_(std::move(settings)), link_(std::make_unique<ProducerLink>(settings_)) {}

Publisher::~Publisher() = default;

bool Publisher::publish(const OutboxRow& row, std::uint64_t tag) {
  return publish(row, tag, Road::shared);
}

bool Publisher::publish_alone(const OutboxRow& row, std::uint64_t tag) {
  return publish(row, tag, Road::alone);
}

bool Publisher::publish(const OutboxRow& row, std::uint64_t tag, Road road) {
  HeadersHandle headers;
  try {
    headers = row.headers ? verbatim_headers(*row.headers) : cloud_event_headers(row);
  } catch (const Failure& failure) {
    refused_.push_back({tag, failure});
    return true;
  }
  const std::size_t slot = keep(tag, road);
  const rd_kafka_resp_err_t error =
      link(road).produce({.topic = row.topic, .key = row.key, .value = row.payload},
                         std::move(headers),
                         as_opaque(slot));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
  if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    tags_[slot].taken = false;
    free_.push_back(slot);
    return false;
  }
  answer(slot, row_failure(error, row.topic, About::row), refused_);
  return true;
}

void Publisher::deliveries(std::vector<relay::Delivery>& into, std::chrono::milliseconds wait_max) {
  if (!refused_.empty()) {
    for (relay::Delivery& delivery : refused_) into.push_back(std::move(delivery));
    refused_.clear();
    wait_max = {};
  }
  if (collect(Road::alone, into, {}) > 0) wait_max = {};
  collect(Road::shared, into, wait_max);
}

std::size_t Publisher::collect(Road road,
                               std::vector<relay::Delivery>& into,
                               std::chrono::milliseconds wait_max) {
  ProducerLink* link = slot_of(road).get();
  if (link == nullptr) return 0;
  const About about = road == Road::alone ? About::row : About::request;
  const std::size_t count = link->deliveries(wait_max, [&](const rd_kafka_message_t& message) {
    std::optional<Failure> failure;
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      failure = row_failure(message.err, rd_kafka_topic_name(message.rkt), about);
    }
    answer(as_slot(message._private), std::move(failure), into);
  });
  if (const auto failure = link->fatal()) abandon(road, *failure, into);
  return count;
}

// With the producer, so that no later row can be missed in its sequence; the next publish() makes a
// new one.
void Publisher::drop_queued() {
  refused_.clear();
  tags_.clear();
  free_.clear();
  link_.reset();
  alone_.reset();
}

void Publisher::on_delivery(std::function<void()> wake) {
  for (const Road road : {Road::shared, Road::alone}) {
    if (slot_of(road)) slot_of(road)->on_report(nullptr);
  }
  wake_ = std::move(wake);
  for (const Road road : {Road::shared, Road::alone}) {
    if (slot_of(road) && wake_) slot_of(road)->on_report(&wake_);
  }
}

ProducerLink& Publisher::link(Road road) {
  auto& link = slot_of(road);
  if (!link) {
    link =
        std::make_unique<ProducerLink>(road == Road::alone ? settings_alone(settings_) : settings_);
    if (wake_) link->on_report(&wake_);
  }
  return *link;
}

std::size_t Publisher::keep(std::uint64_t tag, Road road) {
  if (free_.empty()) {
    tags_.push_back({tag, true, road});
    return tags_.size() - 1;
  }
  const std::size_t slot = free_.back();
  free_.pop_back();
  tags_[slot] = {tag, true, road};
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
void Publisher::abandon(Road road, const Failure& failure, std::vector<relay::Delivery>& into) {
  for (std::size_t slot = 0; slot < tags_.size(); ++slot) {
    if (tags_[slot].taken && tags_[slot].road == road) answer(slot, failure, into);
  }
  slot_of(road).reset();
}

}  // namespace pawl::kafka
