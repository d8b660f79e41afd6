# The engine's pieces, each alone. The engine as a whole: tests/behaviour.
pawl_test(engine_test LABEL unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_append_table_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_decider_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_ids_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_lane_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_locked_mode_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_mailbox_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_state_table_eviction_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_state_table_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_table_properties_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_table_statements_test.cc
  USES engine schemas test_records
  LINKS rapidcheck)
