# The house rules. A rule is a function from a file to its faults; each has a planted violation in rules_test.cc.
pawl_test(tidy_test LABEL house
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/alerts_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/include_rules.cc
          ${CMAKE_CURRENT_LIST_DIR}/length_rules.cc
          ${CMAKE_CURRENT_LIST_DIR}/rules_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/source_file.cc
          ${CMAKE_CURRENT_LIST_DIR}/source_tree.cc
          ${CMAKE_CURRENT_LIST_DIR}/tree_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/word_rules.cc)
target_include_directories(tidy_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(tidy_test PRIVATE PAWL_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")
