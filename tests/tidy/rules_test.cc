// Each rule catches its planted violation, and lets its lawful twin pass.
#include "tidy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pawl::tidy {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string faults_of(const std::string& path, const std::string& text) {
  std::string result;
  auto file = source_file(path, text);
  for (auto* rule : {&broken_include_rules, &broken_word_rules, &broken_length_rules}) {
    for (const auto& fault : rule(file)) {
      result += fault.path + ":" + std::to_string(fault.line) + ": " + fault.text + "\n";
    }
  }
  return result;
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(IncludeRulesTest, FoldersIncludeDownwardsOnly) {
  EXPECT_THAT(faults_of("src/core/uuid.h", "#pragma once\n#include \"pawl/engine/batch.h\"\n"),
              HasSubstr("src/core/uuid.h:2: src/core may not include \"pawl/engine/batch.h\""));
  EXPECT_THAT(faults_of("src/kafka/a.cc", "#include \"pawl/postgres/connection.h\"\n"),
              HasSubstr("downwards only"));
  EXPECT_THAT(faults_of("src/relay/a.cc", "#include \"pawl/engine/batch.h\"\n"),
              HasSubstr("downwards only"));
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include \"pawl/cli/demo.h\"\n"),
              HasSubstr("downwards only"));
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include \"pawl/inbox/claim.h\"\n"), IsEmpty());
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include \"pawl/engine/batch.h\"\n"), IsEmpty());
  EXPECT_THAT(faults_of("src/engine/a.cc", "// #include \"pawl/cli/demo.h\"\n"), IsEmpty());
}

TEST(IncludeRulesTest, EdgesImplementThePortsOfFlows) {
  EXPECT_THAT(faults_of("src/kafka/a.h", "#include \"pawl/engine/ports.h\"\n"), IsEmpty());
  EXPECT_THAT(faults_of("src/kafka/a.h", "#include \"pawl/relay/ports.h\"\n"), IsEmpty());
  EXPECT_THAT(faults_of("src/inbox/a.h", "#include \"pawl/engine/ports.h\"\n"),
              HasSubstr("downwards only"));
}

TEST(IncludeRulesTest, ANewFolderNeedsALayer) {
  EXPECT_THAT(faults_of("src/misc/a.h", "#include \"pawl/core/uuid.h\"\n"),
              HasSubstr("give it a layer"));
}

TEST(IncludeRulesTest, TheDomainSeesOnlyWhatHandlersNeed) {
  EXPECT_THAT(faults_of("consumers/x/rules.cc", "#include \"pawl/kafka/settings.h\"\n"),
              HasSubstr("the domain"));
  EXPECT_THAT(faults_of("consumers/x/rules.cc", "#include \"pawl/engine/decision.h\"\n"),
              IsEmpty());
  EXPECT_THAT(faults_of("consumers/x/main.cc", "#include \"pawl/kafka/settings.h\"\n"), IsEmpty());
}

TEST(IncludeRulesTest, ALibraryIsIncludedByItsEdgeAlone) {
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include <librdkafka/rdkafka.h>\n"),
              HasSubstr("belongs to src/kafka/"));
  EXPECT_THAT(faults_of("tests/unit/a.cc", "#include <librdkafka/rdkafka.h>\n"),
              HasSubstr("belongs to src/kafka/"));
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include <libpq-fe.h>\n"),
              HasSubstr("belongs to src/postgres/"));
  EXPECT_THAT(faults_of("src/cli/a.cc", "#include <pqxx/pqxx>\n"),
              HasSubstr("belongs to src/postgres/"));
  EXPECT_THAT(faults_of("src/engine/a.h", "#include <google/protobuf/message.h>\n"),
              HasSubstr("src/codec/"));
  EXPECT_THAT(faults_of("src/engine/a.h", "#include <prometheus/counter.h>\n"),
              HasSubstr("src/observe/"));
  EXPECT_THAT(faults_of("src/http/a.cc", "#include <spdlog/spdlog.h>\n"),
              HasSubstr("src/observe/"));
  EXPECT_THAT(faults_of("src/observe/a.cc", "#include <boost/beast/http.hpp>\n"),
              HasSubstr("src/http/"));
  EXPECT_THAT(faults_of("src/observe/a.cc", "#include <boost/asio.hpp>\n"), HasSubstr("src/http/"));
  EXPECT_THAT(faults_of("src/kafka/a.cc", "#include <librdkafka/rdkafka.h>\n"), IsEmpty());
  EXPECT_THAT(faults_of("consumers/x/a.cc", "#include <google/protobuf/message.h>\n"), IsEmpty());
}

TEST(IncludeRulesTest, MessageTypesBelongToTheDomain) {
  EXPECT_THAT(faults_of("src/engine/a.cc", "#include \"ledger/v1/commands.pb.h\"\n"),
              HasSubstr("src/codec"));
  EXPECT_THAT(faults_of("consumers/x/a.cc", "#include \"ledger/v1/commands.pb.h\"\n"), IsEmpty());
}

TEST(WordRulesTest, NothingSleeps) {
  EXPECT_THAT(faults_of("src/engine/a.cc", "  std::this_thread::sleep_for(1s);\n"),
              HasSubstr("nothing sleeps"));
  EXPECT_THAT(faults_of("tests/unit/a.cc", "  usleep(3);\n"), HasSubstr("nothing sleeps"));
  EXPECT_THAT(faults_of("tests/support/eventually.cc", "std::this_thread::sleep_for(pause);\n"),
              IsEmpty());
  EXPECT_THAT(faults_of("tests/unit/a.cc", "auto process = shell(\"sleep (60)\");\n"), IsEmpty());
}

TEST(WordRulesTest, OnlyTheCommandLineTalksToTheTerminal) {
  EXPECT_THAT(faults_of("src/relay/a.cc", "std::cout << 1;\n"), HasSubstr("pawl/observe"));
  EXPECT_THAT(faults_of("src/cli/a.cc", "std::cout << 1;\n"), IsEmpty());
}

TEST(WordRulesTest, NoShellInBetween) {
  EXPECT_THAT(faults_of("src/cli/a.cc", "system(\"ls\");\n"), HasSubstr("start it directly"));
}

TEST(WordRulesTest, CMakeNamesItsSourcesAndDownloadsNothing) {
  EXPECT_THAT(faults_of("src/x/CMakeLists.txt", "file(GLOB sources *.cc)\n"),
              HasSubstr("name the sources"));
  EXPECT_THAT(faults_of("cmake/x.cmake", "FetchContent_Declare(x)\n"),
              HasSubstr("nothing is downloaded"));
}

TEST(WordRulesTest, NoPathOfSomebodysMachine) {
  EXPECT_THAT(faults_of("README.md", "cd /home/jo/pawl\n"), HasSubstr("somebody's machine"));
  EXPECT_THAT(faults_of("src/a/b.cc", "// see /Users/jo/notes\n"), HasSubstr("somebody's machine"));
  EXPECT_THAT(faults_of("deploy/x.yml", "path: \"/workspace/src\"\n"),
              HasSubstr("somebody's machine"));
  EXPECT_THAT(faults_of("README.md", "see https://example.org/home/x, /tmp/x and build/work/x\n"),
              IsEmpty());
}

TEST(WordRulesTest, NoNotesToOurselves) {
  EXPECT_THAT(faults_of("src/core/a.cc", "// TODO later\n"),
              HasSubstr("src/core/a.cc:1: found \"TODO\""));
}

TEST(LengthRulesTest, FunctionsAreShort) {
  auto longest = "void f() {\n" + repeated("  g();\n", 58) + "}\n";
  auto longer = "class A {\n void f(int a,\n int b) {\n" +
                repeated("  g([] { return 1; });\n", 58) + " }\n};\n";
  EXPECT_THAT(faults_of("src/core/a.cc", longest), IsEmpty());
  EXPECT_THAT(faults_of("src/core/a.cc", longer),
              HasSubstr("src/core/a.cc:2: expected a function of at most 60"));
  EXPECT_THAT(faults_of("tests/unit/a.cc", "TEST(A, b) {\n" + repeated("  g();\n", 70) + "}\n"),
              HasSubstr("at most 60 lines, got: 72"));
}

TEST(LengthRulesTest, TablesAndClassesAreNoFunctions) {
  EXPECT_THAT(
      faults_of("src/core/a.cc", "constexpr int kTable[] = {\n" + repeated("  1,\n", 90) + "};\n"),
      IsEmpty());
  EXPECT_THAT(
      faults_of("src/core/a.cc",
                "template <class T>\nstruct A {\n" + repeated("  void f();\n", 90) + "};\n"),
      IsEmpty());
}

TEST(LengthRulesTest, FilesAreShort) {
  EXPECT_THAT(faults_of("src/core/a.cc", repeated("int a();\n", 401)),
              HasSubstr("expected at most 400 lines, got: 401"));
  EXPECT_THAT(faults_of("src/core/a.cc", repeated("int a();\n", 400)), IsEmpty());
}

}  // namespace
}  // namespace pawl::tidy
