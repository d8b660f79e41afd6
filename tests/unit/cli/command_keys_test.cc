#include "pawl/cli/command_keys.h"

#include <gtest/gtest.h>

namespace pawl::cli {
namespace {

const KeyFields kFields{{"t.Transfer", "debit_account_id"}};

TEST(CommandKeys, AreReadUnderBothNamesOfTheField) {
  EXPECT_EQ(key_of("t.Transfer", R"({"debitAccountId": 7})", kFields), "7");
  EXPECT_EQ(key_of("t.Transfer", R"({"debitAccountId": "7"})", kFields), "7");
  EXPECT_EQ(key_of("t.Transfer", R"({"debit_account_id": 7})", kFields), "7");
}

TEST(CommandKeys, AreEmptyWhereNothingIsKnown) {
  EXPECT_FALSE(key_of("t.Transfer", "{}", kFields));
  EXPECT_FALSE(key_of("t.Transfer", "no json", kFields));
  EXPECT_FALSE(key_of("t.Transfer", R"({"debitAccountId": 1.5})", kFields));
  EXPECT_FALSE(key_of("t.Other", R"({"debitAccountId": 7})", kFields));
}

}  // namespace
}  // namespace pawl::cli
