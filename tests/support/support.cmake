# What tests are written with: real servers, processes, patience. A test program adds `USES test_support`
# and includes "support/<file>.h".
add_library(pawl_test_support STATIC
  ${CMAKE_CURRENT_LIST_DIR}/database.cc
  ${CMAKE_CURRENT_LIST_DIR}/eventually.cc
  ${CMAKE_CURRENT_LIST_DIR}/files.cc
  ${CMAKE_CURRENT_LIST_DIR}/kafka_server.cc
  ${CMAKE_CURRENT_LIST_DIR}/kept.cc
  ${CMAKE_CURRENT_LIST_DIR}/ports.cc
  ${CMAKE_CURRENT_LIST_DIR}/process.cc
  ${CMAKE_CURRENT_LIST_DIR}/process_figures.cc
  ${CMAKE_CURRENT_LIST_DIR}/seed.cc
  ${CMAKE_CURRENT_LIST_DIR}/tcp_gate.cc
  ${CMAKE_CURRENT_LIST_DIR}/temporary_folder.cc)
add_library(pawl::test_support ALIAS pawl_test_support)
pawl_flags(pawl_test_support)
target_include_directories(pawl_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(pawl_test_support PRIVATE PAWL_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}")
target_link_libraries(pawl_test_support PUBLIC pawl::kafka pawl::postgres GTest::gtest)

# support/records.h alone, for tests that need no servers.
add_library(pawl_test_records INTERFACE)
add_library(pawl::test_records ALIAS pawl_test_records)
target_include_directories(pawl_test_records INTERFACE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(pawl_test_records INTERFACE pawl::core)
