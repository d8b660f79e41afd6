pawl_test(cli_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cli/command_keys_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/demo_view_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/explanation_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/histogram_window_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/load_options_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/moments_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/numbers_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/reconcile_checks_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/reconcile_report_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/retry_path_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/status_report_test.cc
  USES cli
  LINKS rapidcheck)

pawl_test(load_generator_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cli/load_generator_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/load_run_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/cli/zipf_test.cc
  USES codec test_records
  LINKS command_publisher::generator ledger::domain)
