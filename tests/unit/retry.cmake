# When a failed command is tried again, and when a service is called again.
pawl_test(retry_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/retry_circuit_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/retry_policy_test.cc
  USES retry
  LINKS rapidcheck)
