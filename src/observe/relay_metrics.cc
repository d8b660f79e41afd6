#include "pawl/observe/relay_metrics.h"

namespace pawl::observe {
namespace {

const std::vector<double> kEndToEndBounds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800};

}  // namespace

RelayMetrics::RelayMetrics(Metrics& metrics, const std::string& consumer)
    : published_(metrics.counter("pawl_events_published_total",
                                 "Events acknowledged by the broker",
                                 {{"consumer", consumer}})),
      end_to_end_(metrics.histogram("pawl_end_to_end_seconds",
                                    "From the production of a command to the broker's "
                                    "acknowledgement of its event, in seconds",
                                    {{"consumer", consumer}},
                                    kEndToEndBounds)),
      failures_(metrics.counter("pawl_publish_failures_total",
                                "Deliveries of events that failed and were to be repeated",
                                {{"consumer", consumer}})),
      oldest_(metrics.age("pawl_oldest_unpublished_age_seconds",
                          "Age of the oldest event that is not yet published, in seconds; 0: none",
                          {{"consumer", consumer}})),
      backlog_(metrics.gauge("pawl_outbox_backlog_rows",
                             "Rows in the outbox that are not yet published",
                             {{"consumer", consumer}})),
      holes_(metrics.gauge("pawl_outbox_holes",
                           "Outbox batch numbers that are passed and may still become visible",
                           {{"consumer", consumer}})),
      held_total_(metrics,
                  "pawl_outbox_held_total",
                  "Events that were put aside because they cannot be published, by the broker's "
                  "error; \"waits\": because another of their key cannot",
                  {{"consumer", consumer}},
                  "code",
                  {"MSG_SIZE_TOO_LARGE", "_UNKNOWN_TOPIC", "TOPIC_AUTHORIZATION_FAILED", "waits"}),
      held_events_(metrics.gauge("pawl_outbox_held_events",
                                 "Events that are put aside now; only the active relay knows",
                                 {{"consumer", consumer}})),
      held_keys_(metrics.gauge("pawl_outbox_held_keys",
                               "Keys of which events are put aside now",
                               {{"consumer", consumer}})),
      active_(metrics.gauge("pawl_relay_active",
                            "1 while this relay publishes, 0 while it stands by",
                            {{"consumer", consumer}})),
      pauses_(metrics, consumer, "relay") {}

}  // namespace pawl::observe
