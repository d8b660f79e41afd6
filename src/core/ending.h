// How an attempt ended. Closed: every switch names all of them, so the compiler shows a missing
// case.
#pragma once

#include <array>
#include <string_view>

namespace pawl {

enum class Ending {
  completed,    // effects and events committed
  duplicate,    // this consumer had already ended this id
  rejected,     // the business said no; a result, never retried
  retry_later,  // failed; its next attempt is due later
  exhausted,    // failed and out of attempts: a dead letter
  undecodable,  // cannot become a command: a dead letter
  parked,       // waits behind its held key, or holds it
  interrupted,  // stopped by shutdown or a lost lane; costs no attempt
};

inline constexpr std::array kEndings{
    Ending::completed,
    Ending::duplicate,
    Ending::rejected,
    Ending::retry_later,
    Ending::exhausted,
    Ending::undecodable,
    Ending::parked,
    Ending::interrupted,
};

/// The word used in SQL columns, metrics labels and log fields.
constexpr std::string_view to_string(Ending ending) noexcept {
  switch (ending) {
    case Ending::completed:
      return "completed";
    case Ending::duplicate:
      return "duplicate";
    case Ending::rejected:
      return "rejected";
    case Ending::retry_later:
      return "retry_later";
    case Ending::exhausted:
      return "exhausted";
    case Ending::undecodable:
      return "undecodable";
    case Ending::parked:
      return "parked";
    case Ending::interrupted:
      return "interrupted";
  }
  return "impossible";
}

}  // namespace pawl
