# The watches of a worker, with a clock that tests turn; policies on their way to the engine.
pawl_test(consumer_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/consumer_handler_watch_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/consumer_lane_watch_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/consumer_policies_test.cc
  USES consumer test_support
  LINKS ledger::domain)
