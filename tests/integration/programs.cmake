# Whole programs: how they start, stop, refuse, and work together.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(programs_test LABEL integration TIMEOUT 240
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/programs/demo_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/programs/reconcile_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/programs/relay_alone_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/programs/start_test.cc
  USES test_world)

pawl_test(lost_records_test LABEL integration TIMEOUT 180
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/programs/lost_records_test.cc
  USES test_world)

# Mostly waiting: it shares the processors.
pawl_test(stop_test LABEL integration TIMEOUT 240 PROCESSORS 1
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/programs/stop_test.cc
  USES test_world)
