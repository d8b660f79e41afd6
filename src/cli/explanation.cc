#include "pawl/cli/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "pawl/config/text_values.h"
#include "pawl/consumer/policies.h"
#include "pawl/postgres/failure.h"

namespace pawl::cli {
namespace {

constexpr std::string_view kUndecodable = "undecodable";
constexpr std::size_t kSqlstateLength = 5;

constexpr ErrorMeaning kRefused{
    Course::retried, kDatabaseClass, "the database refuses SQL that was run for it"};

struct Word {
  std::string_view word;
  ErrorMeaning meaning;
};

constexpr std::array kWords{
    Word{kHandlerClass, {Course::retried, kHandlerClass, "its handler throws"}},
    Word{kDatabaseClass, kRefused},
    Word{kOutsideClass,
         {Course::retried,
          kOutsideClass,
          "its handler finds something outside away and asks for a wait (RetryAfter)"}},
    Word{"rejected",
         {Course::rejected,
          {},
          "its handler rejects it: a result, committed with the event that tells of it"}},
    Word{kUndecodable, {Course::dead_letter, kUndecodable, "its record cannot be decoded"}},
    Word{"unknown_type",
         {Course::dead_letter, kUndecodable, "no handler is registered for its type"}},
    Word{"unknown_field",
         {Course::dead_letter, kUndecodable, "its JSON has a field that its type does not have"}},
    Word{kCrashedClass,
         {Course::dead_letter,
          kCrashedClass,
          "no process survives its handler, or it never comes back; it has been tried three times "
          "under a mark"}},
};
constexpr ErrorMeaning kMayBeKnownLater{
    Course::retried,
    kHandlerClass,
    "a newer schema than this program's may know it, and consumer.unknown_type = "
    "\"retry_later\""};

constexpr ErrorMeaning kRefusedToAHandler{
    Course::retried,
    kDatabaseClass,
    "the database refuses a handler's own SQL; where Pawl's SQL for a decider meets this, the "
    "consumer pauses instead"};
constexpr ErrorMeaning kNobodysFault{
    Course::rerun, {}, "nobody's fault: its batch is rolled back and run again, its rows locked"};
constexpr ErrorMeaning kAway{Course::paused,
                             {},
                             "the database is away, full, or another one than before: the consumer "
                             "pauses and goes on where it was"};
constexpr ErrorMeaning kNotAsItMustBe{
    Course::paused,
    {},
    "something is missing that Pawl's own SQL needs, such as a table or a right: the consumer "
    "pauses until somebody mends that"};

std::string upper(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return result;
}

// All of PostgreSQL's have a digit; so no word of five letters is taken for one.
bool is_sqlstate(std::string_view text) {
  const auto digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const auto letter_or_digit = [](unsigned char c) { return std::isalnum(c) != 0; };
  return text.size() == kSqlstateLength && std::ranges::all_of(text, letter_or_digit) &&
         std::ranges::any_of(text, digit);
}

ErrorMeaning meaning_of_sqlstate(std::string_view sqlstate, HandlerStyle style) {
  switch (postgres::remedy_of(sqlstate)) {
    case Remedy::rerun_now:
      return kNobodysFault;
    case Remedy::reconnect_and_rerun:
      return kAway;
    case Remedy::retry_later:
      return kRefused;
    case Remedy::give_up:
      // A handler's SQL may be wrong for one command alone; a decider has none.
      return style == HandlerStyle::decider ? kNotAsItMustBe : kRefusedToAHandler;
  }
  return kRefused;
}

struct ClassOfFailures {
  const config::Retry& retry;
  bool own_waits;  // the handler says them
};

ClassOfFailures class_of(const config::Retries& retries, std::string_view failure_class) {
  if (failure_class == kDatabaseClass) return {retries.database, false};
  if (failure_class == kOutsideClass) return {retries.outside, true};
  return {retries.handler, false};
}

std::vector<std::string> changed_settings(const std::string& section,
                                          const ClassOfFailures& of,
                                          const config::Origins& origins) {
  using config::format_duration;
  std::vector<std::string> changed;
  const auto tell = [&](const std::string& key, const std::string& value) {
    const auto origin = origins.find(section + "." + key);
    if (origin == origins.end() || origin->second == "default") return;
    changed.push_back(fmt::format("{} = {} ({})", key, value, origin->second));
  };
  if (!of.own_waits) {
    tell("immediate", fmt::to_string(of.retry.immediate));
    tell("delay_min", format_duration(of.retry.delay_min));
    tell("delay_max", format_duration(of.retry.delay_max));
    tell("delay_factor", fmt::to_string(of.retry.delay_factor));
  }
  tell("attempts_max", fmt::to_string(of.retry.attempts_max));
  tell("age_max", format_duration(of.retry.age_max));
  return changed;
}

Chosen<OnFailure> on_failure_of(const std::string& type, const config::Loaded& loaded) {
  const auto found = loaded.settings.on_failure.find(type);
  if (found == loaded.settings.on_failure.end()) return {OnFailure::park_key, "default"};
  return {on_failure(found->second), loaded.origins.at("on_failure." + type)};
}

}  // namespace

std::string_view to_string(Course course) noexcept {
  switch (course) {
    case Course::retried:
      return "retried";
    case Course::dead_letter:
      return "dead_letter";
    case Course::rejected:
      return "rejected";
    case Course::rerun:
      return "rerun";
    case Course::paused:
      return "paused";
  }
  return "impossible";
}

std::optional<ErrorMeaning> meaning_of(std::string_view error, HandlerStyle style) {
  const auto* word = std::ranges::find(kWords, error, &Word::word);
  if (word != kWords.end()) return word->meaning;
  if (!is_sqlstate(error)) return std::nullopt;
  return meaning_of_sqlstate(upper(error), style);
}

namespace {

ErrorMeaning as_configured(const ErrorMeaning& meaning,
                           std::string_view error,
                           const config::Consumer& consumer) {
  const bool waits = consumer.unknown_type == config::UnknownType::retry_later;
  return error.starts_with("unknown_") && waits ? kMayBeKnownLater : meaning;
}

}  // namespace

Explanation explain(std::string type,
                    std::string error,
                    HandlerStyle style,
                    const ErrorMeaning& meaning,
                    const config::Loaded& loaded) {
  const ErrorMeaning as_it_is = as_configured(meaning, error, loaded.settings.consumer);
  Explanation all{.type = std::move(type),
                  .error = std::move(error),
                  .style = style,
                  .meaning = as_it_is,
                  .on_failure = {},
                  .parking = loaded.settings.parking,
                  .policy = {},
                  .section = {},
                  .changed = {},
                  .path = {}};
  all.on_failure = on_failure_of(all.type, loaded);
  if (all.meaning.course != Course::retried) return all;
  if (all.on_failure.value == OnFailure::dead_letter) {
    all.meaning.course = Course::dead_letter;
    return all;
  }
  const ClassOfFailures of = class_of(loaded.settings.retry, all.meaning.failure_class);
  all.section = fmt::format("retry.{}", all.meaning.failure_class);
  all.policy = retry_policy(of.retry);
  all.changed = changed_settings(all.section, of, loaded.origins);
  if (!of.own_waits) all.path = retry_path(all.policy);
  return all;
}

}  // namespace pawl::cli
