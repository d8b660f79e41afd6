pawl_test(config_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/config_faults_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config_load_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config_print_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config_retry_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/config_values_test.cc
  USES config)
