#include "property/any_case.h"

namespace pawl::test {
namespace {

using rc::Gen;
using rc::gen::arbitrary;
using rc::gen::build;
using rc::gen::inRange;
using rc::gen::map;
using rc::gen::set;

constexpr int kWorkers = 2;
constexpr int kLastAccount = 4;

// The whole range from the first case on: rapidcheck's size is for the number of operations.
Gen<int> up_to(int most, int least = 0) {
  return rc::gen::resize(rc::kNominalSize, inRange(least, most + 1));
}

template <class T>
Gen<Operation> operation(Gen<T> gen) {
  return map(std::move(gen), [](T each) { return Operation{each}; });
}

// Shrinks towards the first.
template <class T>
Gen<T> one_of(std::vector<T> values) {
  const int count = static_cast<int>(values.size());
  return map(up_to(count - 1),
             [values = std::move(values)](int at) { return values[static_cast<std::size_t>(at)]; });
}

Gen<Mood> any_mood() {
  return one_of<Mood>({Mood::succeeds,
                       Mood::succeeds,
                       Mood::succeeds,
                       Mood::throws,
                       Mood::throws,
                       Mood::is_refused,
                       Mood::asks_later,
                       Mood::rejects,
                       Mood::cannot_be_read});
}

Gen<Publish> any_publish() {
  return build<Publish>(set(&Publish::key, up_to(3)),
                        set(&Publish::again, one_of<int>({0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 6})),
                        set(&Publish::as_was, arbitrary<bool>()),
                        set(&Publish::mood, any_mood()),
                        set(&Publish::times, up_to(kAlways, 1)),
                        set(&Publish::to, up_to(2)),
                        set(&Publish::amount, up_to(4, 1)));
}

Gen<OpenAccount> any_open_account() {
  return build<OpenAccount>(set(&OpenAccount::key, up_to(3, 1)),
                            set(&OpenAccount::account, up_to(kLastAccount + 2, kLastAccount + 1)));
}

Gen<Work> any_work() {
  return build<Work>(set(&Work::steps, up_to(60, 1)));
}

Gen<Pass> any_pass() {
  return build<Pass>(set(&Pass::minutes, one_of<int>({1, 10, 60, 60, 240, 1'800})));
}

Gen<Restart> any_restart() {
  return build<Restart>(set(&Restart::worker, up_to(kWorkers - 1)));
}

Gen<Crash> any_crash() {
  return build<Crash>(set(&Crash::worker, up_to(kWorkers - 1)),
                      set(&Crash::server_goes_on, arbitrary<bool>()));
}

Gen<Rebalance> any_rebalance() {
  return build<Rebalance>(
      set(&Rebalance::way,
          one_of<Rebalance::Way>(
              {Rebalance::Way::given_up, Rebalance::Way::lost, Rebalance::Way::unnoticed})),
      set(&Rebalance::partition, up_to(1)));
}

Gen<Trouble> any_trouble() {
  const Gen<Trouble::Kind> kind =
      map(up_to(static_cast<int>(Trouble::Kind::lane_stolen)),
          [](int number) { return static_cast<Trouble::Kind>(number); });
  return build<Trouble>(set(&Trouble::kind, kind),
                        set(&Trouble::worker, up_to(kWorkers - 1)),
                        set(&Trouble::step, up_to(4)),
                        set(&Trouble::times, up_to(3, 1)));
}

Gen<ForeignTransfer> any_foreign_transfer() {
  return build<ForeignTransfer>(set(&ForeignTransfer::from, up_to(2, 1)),
                                set(&ForeignTransfer::to, up_to(kLastAccount, 3)),
                                set(&ForeignTransfer::amount, up_to(3, 1)));
}

Gen<Redrive> any_redrive() {
  return build<Redrive>(set(&Redrive::letters_max, one_of<int>({1, 2, 100})));
}

Gen<Operation> any_operation() {
  return rc::gen::weightedOneOf<Operation>({{16, operation(any_publish())},
                                            {1, operation(any_open_account())},
                                            {8, operation(any_work())},
                                            {4, operation(any_pass())},
                                            {1, operation(any_restart())},
                                            {2, operation(any_crash())},
                                            {3, operation(any_rebalance())},
                                            {4, operation(any_trouble())},
                                            {1, operation(any_foreign_transfer())},
                                            {2, operation(any_redrive())}});
}

}  // namespace

Gen<Case> any_case() {
  using enum OnFailure;
  return build<Case>(
      set(&Case::in_flight, up_to(2, 1)),
      set(&Case::batch_commands_max, one_of<int>({100, 100, 100, 3, 1})),
      set(&Case::attempts_max, one_of<int>({4, 4, 2, 1})),
      set(&Case::immediate, one_of<int>({0, 0, 1})),
      set(&Case::parked_per_key_max, one_of<int>({100, 100, 2})),
      set(&Case::on_failure,
          one_of<OnFailure>({park_key,
                             park_key,
                             park_key,
                             park_key,
                             park_key,
                             skip_order,
                             block_lane,
                             dead_letter})),
      set(&Case::seed, up_to(1'000'000)),
      set(&Case::operations, rc::gen::container<std::vector<Operation>>(any_operation())));
}

}  // namespace pawl::test
