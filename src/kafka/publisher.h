// Publishes outbox rows: the relay's way to Kafka.
#pragma once

#include <memory>
#include <vector>

#include "pawl/kafka/producer_settings.h"
#include "pawl/relay/ports.h"

namespace pawl::kafka {

class ProducerLink;

/// Owned by main, used by the relay's thread. Connects by itself when rows come; nothing waits but
/// deliveries(). An idempotent producer with acks=all, so the rows of one key cannot overtake each
/// other within one producer's life. Rows that are to go alone have a producer of their own, made
/// when the first of them comes.
class Publisher final : public relay::Publisher {
 public:
  /// Throws Failure(give_up) when the settings are refused; no broker is needed.
  explicit Publisher(ProducerSettings settings);
  /// Rows without an answer are dropped: whoever stored no position for them publishes them again.
  ~Publisher() override;
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  bool publish(const OutboxRow& row, std::uint64_t tag) override;
  bool publish_alone(const OutboxRow& row, std::uint64_t tag) override;
  void drop_queued() override;
  void deliveries(std::vector<relay::Delivery>& into, std::chrono::milliseconds wait_max) override;
  void on_delivery(std::function<void()> wake) override;

  /// Rows queued or in flight, without an answer yet.
  [[nodiscard]] std::size_t waiting() const noexcept { return tags_.size() - free_.size(); }

 private:
  enum class Road : std::uint8_t { shared, alone };
  struct Waiting {
    std::uint64_t tag;
    bool taken;
    Road road;
  };
  bool publish(const OutboxRow& row, std::uint64_t tag, Road road);
  std::size_t keep(std::uint64_t tag, Road road);
  std::size_t collect(Road road,
                      std::vector<relay::Delivery>& into,
                      std::chrono::milliseconds wait_max);
  void answer(std::size_t slot, std::optional<Failure> failure, std::vector<relay::Delivery>& into);
  /// After a fatal error: answers all that went this way, so that the next publish() makes a new
  /// producer.
  void abandon(Road road, const Failure& failure, std::vector<relay::Delivery>& into);

  std::unique_ptr<ProducerLink>& slot_of(Road road) {
    return road == Road::shared ? link_ : alone_;
  }
  ProducerLink& link(Road road);

  ProducerSettings settings_;
  std::function<void()> wake_;
  std::unique_ptr<ProducerLink> link_;    // null after a fatal error
  std::unique_ptr<ProducerLink> alone_;   // null until it is needed, and after a fatal error
  std::vector<Waiting> tags_;             // by slot; the slot travels through librdkafka
  std::vector<std::size_t> free_;         // free slots
  std::vector<relay::Delivery> refused_;  // answered without reaching the producer
};

}  // namespace pawl::kafka
