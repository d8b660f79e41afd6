# `pawl migrate` against PostgreSQL.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(migrate_program_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/migrate/migrate_program_test.cc
  USES test_world)
