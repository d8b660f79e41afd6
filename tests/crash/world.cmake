# A ledger with topics and a database of its own, a worker that comes to grief, and the checker: for crash tests and for the
# integration tests that run whole programs.
include_guard(GLOBAL)

add_executable(crash_worker
  ${CMAKE_CURRENT_LIST_DIR}/crash_port.cc
  ${CMAKE_CURRENT_LIST_DIR}/crash_worker.cc
  ${CMAKE_CURRENT_LIST_DIR}/crashing_store.cc)
pawl_flags(crash_worker)
target_include_directories(crash_worker PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(crash_worker PRIVATE pawl::consumer ledger::domain CLI11::CLI11)
set_target_properties(crash_worker PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

add_executable(moody_ledger ${CMAKE_CURRENT_LIST_DIR}/moody_ledger_main.cc)
pawl_flags(moody_ledger)
target_link_libraries(moody_ledger PRIVATE pawl::consumer ledger::domain)
pawl_allocator(moody_ledger)  # it is measured, too
set_target_properties(moody_ledger PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

add_library(pawl_test_world STATIC
  ${CMAKE_CURRENT_LIST_DIR}/checker.cc
  ${CMAKE_CURRENT_LIST_DIR}/indexed_run.cc
  ${CMAKE_CURRENT_LIST_DIR}/ledger_process.cc
  ${CMAKE_CURRENT_LIST_DIR}/observe.cc
  ${CMAKE_CURRENT_LIST_DIR}/programs.cc
  ${CMAKE_CURRENT_LIST_DIR}/statements_check.cc
  ${CMAKE_CURRENT_LIST_DIR}/world.cc)
add_library(pawl::test_world ALIAS pawl_test_world)
pawl_flags(pawl_test_world)
target_link_libraries(pawl_test_world PUBLIC pawl::test_support command_publisher::generator pawl::schemas fmt::fmt)
target_compile_definitions(pawl_test_world PRIVATE PAWL_PROGRAM="$<TARGET_FILE:pawl>"
                                                   PAWL_LEDGER_PROGRAM="$<TARGET_FILE:pawl-ledger>"
                                                   PAWL_RELAY_PROGRAM="$<TARGET_FILE:pawl-relay>"
                                                   PAWL_CRASH_WORKER="$<TARGET_FILE:crash_worker>"
                                                   PAWL_MOODY_LEDGER="$<TARGET_FILE:moody_ledger>")
add_dependencies(pawl_test_world pawl pawl-ledger pawl-relay crash_worker moody_ledger)
