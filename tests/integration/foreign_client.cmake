# kcat, which knows nothing of us, on both ends of the ledger.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(foreign_client_test LABEL integration TIMEOUT 180
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/foreign_client/foreign_client_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/foreign_client/kcat.cc
  USES test_world)
