# Events that cannot be published: `pawl outbox`, and the relay on a real broker.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(held_events_test LABEL integration TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/held_events/broker_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/held_events/command_test.cc
  USES test_world held_events relay kafka schemas)
