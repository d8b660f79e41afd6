# The servers that the other integration tests stand on.
pawl_test(servers_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/database_fixture_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka_server_test.cc
  USES test_support)
