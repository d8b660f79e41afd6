pawl_test(http_test
  LABEL unit THREADS
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/http_admin_server_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/http_client.cc
  USES http
  LINKS nlohmann_json::nlohmann_json)
