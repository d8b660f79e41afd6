# Processes killed at named points, on real servers, judged by an independent checker.
add_executable(crash_worker
  ${CMAKE_CURRENT_LIST_DIR}/crash_port.cc
  ${CMAKE_CURRENT_LIST_DIR}/crash_worker.cc
  ${CMAKE_CURRENT_LIST_DIR}/crashing_store.cc)
pawl_flags(crash_worker)
target_include_directories(crash_worker PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(crash_worker PRIVATE pawl::consumer ledger::domain CLI11::CLI11)
set_target_properties(crash_worker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

# A ledger on topics and a database of its own, and the checker.
add_library(pawl_test_world STATIC
  ${CMAKE_CURRENT_LIST_DIR}/checker.cc
  ${CMAKE_CURRENT_LIST_DIR}/observe.cc
  ${CMAKE_CURRENT_LIST_DIR}/world.cc)
add_library(pawl::test_world ALIAS pawl_test_world)
pawl_flags(pawl_test_world)
target_link_libraries(pawl_test_world PUBLIC pawl::test_support command_publisher::generator pawl::schemas fmt::fmt)
target_compile_definitions(pawl_test_world PRIVATE PAWL_LEDGER_PROGRAM="$<TARGET_FILE:pawl-ledger>"
                                                   PAWL_CRASH_WORKER="$<TARGET_FILE:crash_worker>")
add_dependencies(pawl_test_world pawl-ledger crash_worker)

pawl_test(crash_points_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/crash_points_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/crash_port.cc
          ${CMAKE_CURRENT_LIST_DIR}/planted_bugs_test.cc
  USES test_world)
