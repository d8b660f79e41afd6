pawl_test(observe_test
  LABEL unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/observe_log_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/observe_metrics_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/observe_stack_test.cc
  USES observe
  LINKS nlohmann_json::nlohmann_json)
