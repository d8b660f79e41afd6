pawl_test(http_test
  LABEL unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/http_admin_server_test.cc
          ${PROJECT_SOURCE_DIR}/tests/support/http_client.cc
  USES http test_records
  LINKS nlohmann_json::nlohmann_json)
