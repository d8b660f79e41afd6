#include <gtest/gtest.h>

#include "pawl/postgres/failure.h"

namespace pawl::postgres {
namespace {

TEST(RemedyTest, NobodysFaultIsRerunNow) {
  for (const char* code : {"40001", "40P01", "55P03"}) {
    EXPECT_EQ(remedy_of(code), Remedy::rerun_now) << code;
  }
}

TEST(RemedyTest, AnAbsentFullOrReadOnlyServerIsNotTheCommandsFault) {
  for (const char* code :
       {"08006", "57P01", "57P02", "57P03", "53100", "53300", "58030", "25006", "25P03"}) {
    EXPECT_EQ(remedy_of(code), Remedy::reconnect_and_rerun) << code;
  }
}

TEST(RemedyTest, WhatSomebodyMustChangeIsGivenUp) {
  for (const char* code : {"42P01", "42601", "42501", "28P01", "3D000"}) {
    EXPECT_EQ(remedy_of(code), Remedy::give_up) << code;
  }
}

TEST(RemedyTest, TheRestIsAnAttempt) {
  for (const char* code : {"23505", "22012", "57014", "P0001", "XX000", ""}) {
    EXPECT_EQ(remedy_of(code), Remedy::retry_later) << code;
  }
}

}  // namespace
}  // namespace pawl::postgres
