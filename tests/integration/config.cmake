# Configuration as the programs tell of it. Needs no server.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(config_programs_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/config/config_programs_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config/explain_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config/help_test.cc
  USES test_world)
