# Words: ids, wakes.
pawl_test(core_test LABEL unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/core_event_fd_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/core_outbox_rows_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/core_record_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/core_rfc3339_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/core_uuid_test.cc
  USES core test_records
  LINKS rapidcheck)
