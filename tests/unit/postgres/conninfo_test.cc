#include "pawl/postgres/conninfo.h"

#include <gmock/gmock.h>

#include "pawl/postgres/connection.h"

namespace pawl::postgres {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ConninfoTest, TargetNamesThePlaceAndNeverThePassword) {
  EXPECT_EQ(describe_target("postgresql://u:secret@h:77/x?sslmode=require"), "h:77/x as u");
  EXPECT_EQ(describe_target("host=h port=77 dbname=x user=u password=secret"), "h:77/x as u");
  EXPECT_EQ(describe_target("postgresql://u:se%ret@h/x"), "(unreadable database url)");
}

TEST(ConninfoTest, RedactedUrlKeepsEverythingElse) {
  EXPECT_EQ(redact_url("postgresql://u:secret@h:77/x?sslmode=require&sslpassword=other"),
            "postgresql://u:***@h:77/x?sslmode=require&sslpassword=***");
  EXPECT_EQ(redact_url("postgresql://u@h/x"), "postgresql://u@h/x");
  EXPECT_THAT(redact_url("host=h password='a b' dbname=x"), Not(HasSubstr("a b")));
  EXPECT_EQ(redact_url("postgresql://u:se%ret@h/x"), "***");
  EXPECT_EQ(redact_url(""), "");
}

TEST(ConninfoTest, PairsAreReadBackAsTheyWere) {
  const Conninfo options{{"password", R"(it's \ "odd")"}, {"host", "/a folder"}, {"dbname", ""}};
  const auto read = parse_conninfo(to_conninfo(options));
  ASSERT_TRUE(read);
  for (const auto& [name, value] : options) {
    ASSERT_NE(find_option(*read, name), nullptr) << name;
    EXPECT_EQ(*find_option(*read, name), value);
  }
}

TEST(ConninfoTest, JitterMovesTheLockTimeoutByAFifth) {
  const auto lock_timeout = [](double jitter) {
    for (const auto& [name, value] : engine_session(jitter)) {
      if (name == "lock_timeout") return value;
    }
    return std::string{};
  };
  EXPECT_EQ(lock_timeout(0), "800ms");
  EXPECT_EQ(lock_timeout(0.5), "1000ms");
  EXPECT_EQ(lock_timeout(0.999999), "1200ms");
}

}  // namespace
}  // namespace pawl::postgres
