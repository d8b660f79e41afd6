# `pawl pause`, `resume`, `status`, `skip`, `replay`: against PostgreSQL, and with a ledger that runs.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(run_control_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/run_control/circuit_teller_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control/pause_command_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control/pause_reader_test.cc
  USES test_world consumer)

pawl_test(run_control_programs_test LABEL integration TIMEOUT 240
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/run_control/pause_program_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control/replay_program_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control/skip_program_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control/status_test.cc
  USES test_world)
