#include "property/case.h"

#include <array>
#include <ostream>
#include <string_view>

namespace pawl::test {
namespace {

std::string_view name_of(Trouble::Kind kind) {
  switch (kind) {
    case Trouble::Kind::conflict:
      return "conflict";
    case Trouble::Kind::lock_timeout:
      return "lock timeout";
    case Trouble::Kind::lost_connection:
      return "lost connection";
    case Trouble::Kind::missing_table:
      return "missing table";
    case Trouble::Kind::commit_rolled_back:
      return "COMMIT is rolled back";
    case Trouble::Kind::cut_before_commit:
      return "connection cut before COMMIT";
    case Trouble::Kind::cut_after_commit:
      return "connection cut after COMMIT";
    case Trouble::Kind::cut_now:
      return "connections cut now";
    case Trouble::Kind::database_away:
      return "database away";
    case Trouble::Kind::broker_away:
      return "broker away";
    case Trouble::Kind::broker_back:
      return "broker back";
    case Trouble::Kind::lane_stolen:
      return "lane stolen";
  }
  return "impossible";
}

std::ostream& print_times(std::ostream& out, int times) {
  return times >= kAlways ? out << "always" : out << times << " times";
}

std::ostream& print_mood(std::ostream& out, const Publish& command) {
  switch (command.mood) {
    case Mood::succeeds:
      return out << "succeeds";
    case Mood::throws:
      return print_times(out << "throws ", command.times);
    case Mood::asks_later:
      return print_times(out << "asks for an hour ", command.times);
    case Mood::is_refused:
      return print_times(out << "is refused by the database ", command.times);
    case Mood::rejects:
      return out << "is rejected";
    case Mood::cannot_be_read:
      return out << "cannot be read";
  }
  return out;
}

struct Printer {
  std::ostream& out;

  void operator()(const Publish& each) const {
    out << "publish: key ";
    each.key == 0 ? out << "none" : out << each.key;
    if (each.again > 0) out << ", id of the last but " << each.again - 1;
    if (each.again > 0 && each.as_was) {
      out << ", all as it was";
      return;
    }
    print_mood(out << ", ", each) << ", " << each.amount << " to other account " << each.to;
  }
  void operator()(const OpenAccount& each) const {
    out << "publish: key " << each.key << ", opens account " << each.account;
  }
  void operator()(const Work& each) const { out << "work: " << each.steps << " steps"; }
  void operator()(const Pass& each) const { out << "pass: " << each.minutes << " min"; }
  void operator()(const Restart& each) const { out << "restart: worker " << each.worker; }
  void operator()(const Crash& each) const {
    out << "crash: worker " << each.worker
        << (each.server_goes_on ? ", the server does what it was sent" : "");
  }
  void operator()(const Rebalance& each) const {
    constexpr std::array<std::string_view, 3> kWays{"given up", "lost", "unnoticed"};
    out << "rebalance: lane " << each.partition << ", "
        << kWays[static_cast<std::size_t>(each.way)];
  }
  void operator()(const Trouble& each) const {
    out << "trouble: " << name_of(each.kind) << ", worker " << each.worker << ", step " << each.step
        << ", " << each.times << " times";
  }
  void operator()(const ForeignTransfer& each) const {
    out << "foreign transfer: " << each.amount << " from " << each.from << " to " << each.to;
  }
  void operator()(const Redrive& each) const { out << "redrive: at most " << each.letters_max; }
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Case& value) {
  out << "in_flight " << value.in_flight << ", batch_commands_max " << value.batch_commands_max
      << ", attempts_max " << value.attempts_max << ", immediate " << value.immediate
      << ", parked_per_key_max " << value.parked_per_key_max << ", on_failure "
      << to_string(value.on_failure) << ", seed " << value.seed;
  for (const Operation& operation : value.operations) {
    std::visit(Printer{out << "\n  "}, operation);
  }
  return out;
}

}  // namespace pawl::test
