// This repository keeps the house rules. Each failure says where, and what to write instead.
#include <gtest/gtest.h>

#include <string>

#include "tidy/rules.h"
#include "tidy/source_tree.h"

namespace pawl::tidy {

std::vector<Fault> broken_rules(const SourceFile& file) {
  auto faults = broken_include_rules(file);
  for (auto* more : {&broken_word_rules, &broken_length_rules}) {
    for (auto& fault : more(file)) faults.push_back(std::move(fault));
  }
  return faults;
}

TEST(HouseRulesTest, AreKeptByEveryFile) {
  auto files = source_tree(PAWL_SOURCE_FOLDER);
  EXPECT_GT(files.size(), 50U) << "found hardly any sources under " << PAWL_SOURCE_FOLDER;
  std::string faults;
  for (const auto& file : files) {
    for (const auto& fault : broken_rules(file)) {
      faults += fault.path + ":" + std::to_string(fault.line) + ": " + fault.text + "\n";
    }
  }
  EXPECT_TRUE(faults.empty()) << faults;
}

}  // namespace pawl::tidy
