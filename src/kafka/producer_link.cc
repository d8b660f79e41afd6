#include "pawl/kafka/producer_link.h"

#include <array>

namespace pawl::kafka {
namespace {

Client make_client(const ProducerSettings& settings) {
  Configuration configuration;
  configuration.set("linger.ms", std::to_string(settings.linger.count()))
      .set("queue.buffering.max.messages", std::to_string(settings.queue_records))
      .set("queue.buffering.max.kbytes", std::to_string(settings.queue_bytes / 1024))
      .set("message.timeout.ms", std::to_string(settings.delivery_max.count()))
      .set("topic.metadata.propagation.max.ms", "10000")
      .apply(settings.kafka, Scope::producer)
      .set("enable.idempotence", "true")
      .set("acks", "all")
      .set("partitioner", "murmur2_random")  // keys land where Java clients put them
      .set("socket.nagle.disable", "true")
      .events(RD_KAFKA_EVENT_DR);
  if (settings.one_record_a_request) configuration.set("batch.num.messages", "1");
  return configuration.create(RD_KAFKA_PRODUCER);
}

// librdkafka takes a null pointer for "none", which is not the same as empty.
void set_bytes(rd_kafka_vu_t& field, std::optional<std::string_view> bytes) {
  field.u.mem.ptr = !bytes ? nullptr : const_cast<char*>(bytes->empty() ? "" : bytes->data());
  field.u.mem.size = bytes ? bytes->size() : 0;
}

}  // namespace

ProducerLink::ProducerLink(const ProducerSettings& settings)
    : client_(make_client(settings)), reports_(rd_kafka_queue_get_main(client_.get())) {}

ProducerLink::~ProducerLink() {
  on_report(nullptr);
  purge();
}

rd_kafka_resp_err_t ProducerLink::produce(const OutgoingRecord& record,
                                          HeadersHandle headers,
                                          void* opaque) {
  rd_kafka_topic_t* topic_handle = topic(record.topic);
  if (topic_handle == nullptr) return rd_kafka_last_error();
  std::array<rd_kafka_vu_t, 8> fields;
  fields[0].vtype = RD_KAFKA_VTYPE_RKT;
  fields[0].u.rkt = topic_handle;
  fields[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  fields[1].u.i32 = record.partition;
  fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  fields[2].u.i = RD_KAFKA_MSG_F_COPY;
  fields[3].vtype = RD_KAFKA_VTYPE_KEY;
  set_bytes(fields[3], record.key);
  fields[4].vtype = RD_KAFKA_VTYPE_VALUE;
  set_bytes(fields[4], record.value);
  fields[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  fields[5].u.i64 = record.timestamp_ms;
  fields[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
  fields[6].u.ptr = opaque;
  fields[7].vtype = RD_KAFKA_VTYPE_HEADERS;
  fields[7].u.headers = headers.get();
  const std::size_t count = headers ? 8 : 7;
  const ErrorHandle error{rd_kafka_produceva(client_.get(), fields.data(), count)};
  if (error) return rd_kafka_error_code(error.get());
  static_cast<void>(headers.release());  // the producer owns them now
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

// The callback runs under the queue's lock, so after disabling it neither runs nor will run.
void ProducerLink::on_report(const std::function<void()>* wake) {
  const auto call = [](rd_kafka_t*, void* function) {
    (*static_cast<const std::function<void()>*>(function))();
  };
  rd_kafka_queue_cb_event_enable(
      reports_.get(), wake == nullptr ? nullptr : +call, const_cast<std::function<void()>*>(wake));
}

void ProducerLink::purge() {
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

std::optional<Failure> ProducerLink::fatal() const {
  std::array<char, 512> text{};
  const auto error = rd_kafka_fatal_error(client_.get(), text.data(), text.size());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return make_failure(
      Remedy::reconnect_and_rerun,
      error,
      std::string("the producer ended; a new one will be made [") + text.data() + "]");
}

std::size_t ProducerLink::queued() const {
  return static_cast<std::size_t>(rd_kafka_outq_len(client_.get()));
}

rd_kafka_topic_t* ProducerLink::topic(std::string_view name) {
  if (const auto found = topics_.find(name); found != topics_.end()) return found->second.get();
  TopicHandle handle{rd_kafka_topic_new(client_.get(), std::string(name).c_str(), nullptr)};
  if (!handle) return nullptr;
  return topics_.emplace(name, std::move(handle)).first->second.get();
}

}  // namespace pawl::kafka
