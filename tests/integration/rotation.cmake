pawl_test(rotation_integration_test LABEL integration THREADS
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/relay/outbox_database.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/remembering_publisher.cc
    ${CMAKE_CURRENT_LIST_DIR}/rotation/rotation_crash_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/rotation/rotation_held_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/rotation/rotation_load_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/rotation/rotation_test.cc
  USES relay rotation test_support)
