// What a handler with SQL of its own says about the tables of its consumer.
#pragma once

#include <tuple>

namespace pawl {

template <class... Members>
struct Writes {
  std::tuple<Members...> members;
};

/// The tables that it writes: pawl::writes(&Ledger::accounts); pawl::writes() for none.
template <class... Members>
[[nodiscard]] Writes<Members...> writes(Members... members) {
  return {{members...}};
}

}  // namespace pawl
