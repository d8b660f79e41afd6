# The PostgreSQL edge without a server: bytes, codes and words. (Against a real one: integration/postgres.cmake.)
pawl_test(postgres_unit_test LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/postgres/conninfo_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/event_fd_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/migrations_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/parameters_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres/remedy_test.cc
  USES postgres)
