// The table behind settings.h: which librdkafka property is the user's to set, for whom, and which
// are secret.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace pawl::kafka {

enum class Scope : std::uint8_t { both, consumer, producer };

struct Property {
  std::string_view name;
  Scope scope = Scope::both;
  bool secret = false;
};

// One list, in the order of librdkafka's CONFIGURATION.md. What is missing here decides about
// correctness and is Pawl's.
inline constexpr std::array kProperties{
    Property{"security.protocol"},
    Property{"sasl.mechanisms"},
    Property{"sasl.mechanism"},
    Property{"sasl.username"},
    Property{"sasl.password", Scope::both, true},
    Property{"sasl.kerberos.service.name"},
    Property{"sasl.kerberos.principal"},
    Property{"sasl.kerberos.kinit.cmd"},
    Property{"sasl.kerberos.keytab"},
    Property{"sasl.kerberos.min.time.before.relogin"},
    Property{"sasl.oauthbearer.config", Scope::both, true},
    Property{"sasl.oauthbearer.method"},
    Property{"sasl.oauthbearer.client.id"},
    Property{"sasl.oauthbearer.client.secret", Scope::both, true},
    Property{"sasl.oauthbearer.scope"},
    Property{"sasl.oauthbearer.extensions"},
    Property{"sasl.oauthbearer.token.endpoint.url"},
    Property{"ssl.cipher.suites"},
    Property{"ssl.curves.list"},
    Property{"ssl.sigalgs.list"},
    Property{"ssl.key.location"},
    Property{"ssl.key.password", Scope::both, true},
    Property{"ssl.key.pem", Scope::both, true},
    Property{"ssl.certificate.location"},
    Property{"ssl.certificate.pem"},
    Property{"ssl.ca.location"},
    Property{"ssl.ca.pem"},
    Property{"ssl.crl.location"},
    Property{"ssl.keystore.location"},
    Property{"ssl.keystore.password", Scope::both, true},
    Property{"ssl.providers"},
    Property{"enable.ssl.certificate.verification"},
    Property{"ssl.endpoint.identification.algorithm"},
    Property{"client.rack"},
    Property{"message.max.bytes",
             Scope::producer},  // a consumer would compare its fetch.max.bytes with it
    Property{"receive.message.max.bytes"},
    Property{"metadata.max.age.ms"},
    Property{"topic.metadata.refresh.interval.ms"},
    Property{"topic.metadata.propagation.max.ms"},
    Property{"socket.timeout.ms"},
    Property{"socket.send.buffer.bytes"},
    Property{"socket.receive.buffer.bytes"},
    Property{"socket.keepalive.enable"},
    Property{"socket.max.fails"},
    Property{"socket.connection.setup.timeout.ms"},
    Property{"connections.max.idle.ms"},
    Property{"broker.address.ttl"},
    Property{"broker.address.family"},
    Property{"reconnect.backoff.ms"},
    Property{"reconnect.backoff.max.ms"},
    Property{"session.timeout.ms", Scope::consumer},
    Property{"heartbeat.interval.ms", Scope::consumer},
    Property{"max.poll.interval.ms", Scope::consumer},
    Property{"queued.min.messages", Scope::consumer},
    Property{"queued.max.messages.kbytes", Scope::consumer},
    Property{"fetch.wait.max.ms", Scope::consumer},
    Property{"fetch.message.max.bytes", Scope::consumer},
    Property{"max.partition.fetch.bytes", Scope::consumer},
    Property{"fetch.max.bytes", Scope::consumer},
    Property{"fetch.min.bytes", Scope::consumer},
    Property{"fetch.error.backoff.ms", Scope::consumer},
    Property{"isolation.level", Scope::consumer},
    Property{"check.crcs", Scope::consumer},
    Property{"linger.ms", Scope::producer},
    Property{"batch.size", Scope::producer},
    Property{"batch.num.messages", Scope::producer},
    Property{"queue.buffering.max.messages", Scope::producer},
    Property{"queue.buffering.max.kbytes", Scope::producer},
    Property{"retry.backoff.ms", Scope::producer},
    Property{"request.timeout.ms", Scope::producer},
    Property{"delivery.timeout.ms", Scope::producer},
    Property{"message.timeout.ms", Scope::producer},
    Property{"compression.codec", Scope::producer},
    Property{"compression.type", Scope::producer},
    Property{"compression.level", Scope::producer},
};

/// The row of that name, or null. Pure.
constexpr const Property* find_property(std::string_view name) noexcept {
  for (const Property& property : kProperties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

}  // namespace pawl::kafka
