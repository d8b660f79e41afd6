# Tests of the helpers themselves.
pawl_test(support_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/eventually_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/process_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/tcp_gate_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/temporary_folder_test.cc
  USES test_support)
