# The PostgreSQL edge against a server of its own.
pawl_test(postgres_connection_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/postgres/arrays_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/connection_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/handler_transaction_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/loss_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/prepared_test.cc
  USES postgres test_support)
pawl_test(postgres_migrator_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/postgres/migrator_test.cc
  USES postgres test_support)
pawl_test(postgres_temporary_server_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/postgres/temporary_server_test.cc
  USES postgres test_support)
