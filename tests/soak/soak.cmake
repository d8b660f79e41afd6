# An hour compressed (./dev soak): real servers, real processes, a fault every few seconds. Two minutes of it are a test.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

# What a run is judged by, apart from the run: its tests plant what bugs would show.
add_library(pawl_soak_verdict STATIC ${CMAKE_CURRENT_LIST_DIR}/verdict.cc)
add_library(pawl::soak_verdict ALIAS pawl_soak_verdict)
pawl_flags(pawl_soak_verdict)
target_include_directories(pawl_soak_verdict PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(pawl_soak_verdict PUBLIC fmt::fmt)

pawl_test(soak_verdict_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/verdict_test.cc
  USES soak_verdict)

add_executable(pawl-soak
  ${PROJECT_SOURCE_DIR}/tests/crash/foreign_writer.cc
  ${CMAKE_CURRENT_LIST_DIR}/display.cc
  ${CMAKE_CURRENT_LIST_DIR}/fault.cc
  ${CMAKE_CURRENT_LIST_DIR}/fault_database.cc
  ${CMAKE_CURRENT_LIST_DIR}/fault_network.cc
  ${CMAKE_CURRENT_LIST_DIR}/fault_processes.cc
  ${CMAKE_CURRENT_LIST_DIR}/load.cc
  ${CMAKE_CURRENT_LIST_DIR}/main.cc
  ${CMAKE_CURRENT_LIST_DIR}/options.cc
  ${CMAKE_CURRENT_LIST_DIR}/report.cc
  ${CMAKE_CURRENT_LIST_DIR}/run.cc
  ${CMAKE_CURRENT_LIST_DIR}/sampler.cc
  ${CMAKE_CURRENT_LIST_DIR}/stage.cc
  ${CMAKE_CURRENT_LIST_DIR}/worker.cc)
pawl_flags(pawl-soak)
target_link_libraries(pawl-soak PRIVATE
  pawl::test_world pawl::soak_verdict pawl::cli CLI11::CLI11 nlohmann_json::nlohmann_json fmt::fmt)

add_test(NAME ${PAWL_TEST_PREFIX}pawl-soak COMMAND pawl-soak --minutes 2 --rate 1000)
set_tests_properties(${PAWL_TEST_PREFIX}pawl-soak PROPERTIES LABELS crash TIMEOUT 420)
