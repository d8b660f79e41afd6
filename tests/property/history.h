// What was asked of the engine in one case, and when: all that is needed to say what may have
// become of it. No copy of the engine: it decides nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pawl/core/clock.h"
#include "pawl/core/record.h"
#include "pawl/core/uuid.h"
#include "property/case.h"

namespace pawl::test {

/// Where a record lies.
using Place = std::pair<TopicPartition, std::int64_t>;

/// The one account whose limit can stop a transfer.
inline constexpr std::int64_t kPoorAccount = 3;

struct Publication {
  std::string id_text;
  Uuid id;
  Place place;
  std::optional<std::string> key;
  WallTime time{};  // of no other one: tells those with the same id apart
  bool opens_account = false;
  Mood mood = Mood::succeeds;
  int times = 0;                                   // the mood is lived out; kAlways: always
  std::int64_t debit = 0, credit = 0, amount = 0;  // opens_account: only `debit`

  [[nodiscard]] bool fails() const {
    return mood == Mood::throws || mood == Mood::asks_later || mood == Mood::is_refused;
  }
};

/// Where a command stands in its key's order: a redriven one behind all that were read before.
using Rank = std::tuple<std::int64_t, int, std::int64_t>;

/// What somebody else made of an account.
struct ForeignChange {
  std::int64_t account;
  std::int64_t version;
  std::int64_t balance;
};

struct History {
  std::vector<Publication> published;
  std::map<std::string, std::vector<SteadyTime>> decided;  // by id: the handler's calls
  std::map<Place, SteadyTime> died;                        // the last time
  std::map<Place, Rank> redriven;                          // the last time
  std::vector<ForeignChange> foreign;
  int ends_without_a_word = 0;  // of processes

  [[nodiscard]] const Publication* at(const Place& place) const;
  [[nodiscard]] std::vector<const Publication*> with_id(const Uuid& id) const;
  [[nodiscard]] Rank rank(const Publication& publication) const;
};

}  // namespace pawl::test
