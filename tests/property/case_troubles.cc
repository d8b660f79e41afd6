// What a case makes go wrong.

#include <iterator>

#include "property/case_run.h"

namespace pawl::test {

void CaseRun::operator()(const Trouble& each) {
  Worker& worker = *process(each.worker).worker;
  switch (each.kind) {
    case Trouble::Kind::conflict:
    case Trouble::Kind::lock_timeout:
    case Trouble::Kind::lost_connection:
    case Trouble::Kind::missing_table:
      return fail_statements(worker, each);
    case Trouble::Kind::commit_rolled_back:
      return worker.store().roll_back_next_commit();
    case Trouble::Kind::cut_before_commit:
      return worker.store().cut_before_commit();
    case Trouble::Kind::cut_after_commit:
      return worker.store().cut_after_commit();
    case Trouble::Kind::cut_now:
      return worker.store().cut();
    case Trouble::Kind::database_away:
      return worker.store().be_away(each.times);
    case Trouble::Kind::broker_away:
    case Trouble::Kind::broker_back:
      topics_.away = each.kind == Trouble::Kind::broker_away;
      return;
    case Trouble::Kind::lane_stolen:
      if (!world_.positions().empty())
        world_.steal(std::next(topics_.partitions.begin(), each.step % 2)->first);
      return;
  }
}

void CaseRun::fail_statements(Worker& worker, const Trouble& each) {
  constexpr std::array kSteps{
      Step::take_parked, Step::claim, Step::save, Step::fence, Step::commit};
  const auto failure = [&] {
    switch (each.kind) {
      case Trouble::Kind::conflict:
        return Failure(Remedy::rerun_now, "40001", "by the test");
      case Trouble::Kind::lock_timeout:
        return Failure(Remedy::rerun_now, "55P03", "by the test");
      case Trouble::Kind::missing_table:
        return Failure(Remedy::give_up, "42P01", "by the test");
      default:
        return Failure(Remedy::reconnect_and_rerun, "57P01", "by the test");
    }
  };
  worker.store().fail_next(kSteps.at(static_cast<std::size_t>(each.step)), failure(), each.times);
}

}  // namespace pawl::test
