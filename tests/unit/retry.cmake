# When a failed command is tried again.
pawl_test(retry_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/retry_policy_test.cc
  USES retry
  LINKS rapidcheck)
