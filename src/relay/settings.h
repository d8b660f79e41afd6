// What can be turned at a relay.
#pragma once

#include <chrono>
#include <string>

#include "pawl/outbox/fetch.h"
#include "pawl/relay/publishing_window.h"

namespace pawl::relay {

struct Settings {
  std::string owner = "relay";  // who has the turn, for people: host and process id; not empty
  outbox::FetchBounds read;     // one read of the outbox
  // Read and not yet acknowledged. When full, nothing more is read; one read's bounds may come on
  // top.
  std::size_t window_rows_max = 20'000;
  std::int64_t window_bytes_max = 32 << 20;
  // Open holes. When full, reading stops until some end, and that is said: a transaction that stays
  // open for hours is then to be ended by a person.
  std::size_t holes_max = 4096;
  std::chrono::milliseconds poll{10};       // how often to look when nobody wakes us
  std::chrono::milliseconds poll_holes{5};  // the same while holes are open
  std::chrono::milliseconds store_every{50};
  std::chrono::milliseconds renew_every{500};
  std::chrono::milliseconds takeover_after{3000};  // a relay silent for so long has lost its turn
  std::chrono::milliseconds answer_max{15'000};    // then the database connection counts as lost
  Backoff publish{};                               // after failed deliveries
  // Events that cannot be published, and those behind them. At either bound the relay holds no
  // more: what cannot be published then stays in the window, until that is full.
  std::size_t held_events_max = 100'000;
  std::size_t held_keys_max = 10'000;
  std::chrono::milliseconds held_look{1000};  // while some are held: how often to look at them
  Backoff held{std::chrono::minutes{1}, std::chrono::hours{1}};  // after failed tries of one
  outbox::FetchBounds held_read{.rows_max = 500, .bytes_max = 1 << 20};  // tried at once
  Backoff reconnect{std::chrono::milliseconds{100}, std::chrono::milliseconds{5000}};
  std::chrono::milliseconds drain_max{5000};  // stop() waits so long for outstanding deliveries
};

}  // namespace pawl::relay
