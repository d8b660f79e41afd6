#include "pawl/kafka/record_producer.h"

#include "pawl/kafka/header_list.h"
#include "pawl/kafka/producer_link.h"

namespace pawl::kafka {
namespace {

constexpr unsigned kPollEvery =
    256;  // records; keeps the queue of reports short without asking for each
constexpr std::chrono::milliseconds kRoomWait{100};

HeadersHandle headers_of(std::span<const Header> headers) {
  if (headers.empty()) return {};
  HeadersHandle list = make_headers(headers.size());
  for (const Header& header : headers) add_header(list.get(), header.name, header.value);
  return list;
}

}  // namespace

RecordProducer::RecordProducer(const ProducerSettings& settings)
    : link_(std::make_unique<ProducerLink>(settings)) {}

RecordProducer::~RecordProducer() = default;

void RecordProducer::produce(const ProducedRecord& record) {
  const OutgoingRecord outgoing{
      .topic = record.topic,
      .partition = record.partition.value_or(RD_KAFKA_PARTITION_UA),
      .key = record.key,
      .value = record.value,
      .timestamp_ms = record.timestamp.time_since_epoch().count(),
  };
  if (++since_poll_ >= kPollEvery) count_deliveries({});
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  // Bounded: every queued record is answered after delivery_max at the latest, which makes room.
  while ((error = link_->produce(outgoing, headers_of(record.headers), nullptr)) ==
         RD_KAFKA_RESP_ERR__QUEUE_FULL) {
    count_deliveries(kRoomWait);
  }
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  if (const auto fatal = link_->fatal()) throw *fatal;
  throw make_failure(error, "cannot produce to topic=" + std::string(record.topic));
}

bool RecordProducer::flush(std::chrono::milliseconds wait_max) {
  const auto deadline = std::chrono::steady_clock::now() + wait_max;
  while (link_->queued() > 0) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    count_deliveries(std::min(left, kRoomWait));
  }
  count_deliveries({});
  return true;
}

void RecordProducer::count_deliveries(std::chrono::milliseconds wait_max) {
  since_poll_ = 0;
  link_->deliveries(wait_max, [this](const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      ++counts_.delivered;
      last_delivered_ = {message.partition, message.offset};
      return;
    }
    ++counts_.failed;
    last_error_ = rd_kafka_message_errstr(&message);
  });
}

}  // namespace pawl::kafka
