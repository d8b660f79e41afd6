// The alerts are written by hand: what they ask for must be there, and README must know them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace pawl::tidy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string all_sources() {
  std::string text;
  const std::filesystem::path root = std::filesystem::path(PAWL_SOURCE_FOLDER) / "src";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() == ".cc") text += text_of(entry.path());
  }
  return text;
}

std::vector<std::string> words(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

std::vector<std::string> unknown(const std::vector<std::string>& words,
                                 const std::string& text,
                                 const std::string& quote) {
  std::vector<std::string> lacking;
  std::ranges::copy_if(words, std::back_inserter(lacking), [&](const std::string& word) {
    return text.find(quote + word + quote) == std::string::npos;
  });
  return lacking;
}

class AlertsTest : public testing::Test {
 protected:
  const std::string alerts_ =
      text_of(std::filesystem::path(PAWL_SOURCE_FOLDER) / "deploy/prometheus/alerts.yml");
};

TEST_F(AlertsTest, AskForMetricsThatThereAre) {
  const auto metrics = words(alerts_, "(pawl_[a-z_]+)");
  EXPECT_THAT(metrics, SizeIs(testing::Gt(10U)));
  EXPECT_THAT(unknown(metrics, all_sources(), "\""), IsEmpty());
}

TEST_F(AlertsTest, AreExplainedInTheReadme) {
  const auto names = words(alerts_, "alert: ([A-Za-z]+)");
  EXPECT_THAT(names, Contains("PawlDeadLetters"));
  const std::string readme = text_of(std::filesystem::path(PAWL_SOURCE_FOLDER) / "README.md");
  EXPECT_THAT(unknown(names, readme, ""), IsEmpty());
}

TEST_F(AlertsTest, AMetricThatIsNotThereIsFound) {
  EXPECT_THAT(unknown(words("expr: pawl_wishes > 0", "(pawl_[a-z_]+)"), all_sources(), "\""),
              ElementsAre("pawl_wishes"));
}

}  // namespace
}  // namespace pawl::tidy
