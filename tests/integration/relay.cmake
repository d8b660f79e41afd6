# The relay against PostgreSQL, with a publisher that remembers, fails and freezes.
pawl_test(relay_integration_test LABEL integration THREADS
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/relay/outbox_database.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/read_plan_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/relay_broker_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/relay_held_loss_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/relay_held_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/relay_holes_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/relay_turns_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/remembering_publisher.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/round_trip_test.cc
  USES relay test_support)
