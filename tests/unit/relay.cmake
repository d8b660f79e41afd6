# The relay's bookkeeping: no broker, no database.
pawl_test(relay_test LABEL unit
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/relay/committed_batches_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/held_round_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/holding_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/holes_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/progress_property_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/progress_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/publishing_window_property_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/publishing_window_test.cc
    ${CMAKE_CURRENT_LIST_DIR}/relay/rest_after_read_test.cc
  USES relay
  LINKS rapidcheck)
