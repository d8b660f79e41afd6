# Dead letters, `pawl dead` and `pawl audit` against PostgreSQL.
include(${PROJECT_SOURCE_DIR}/tests/crash/world.cmake)

pawl_test(dead_letters_test LABEL integration
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/dead_letters/archive_folder_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/changes_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/edit_command_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/expire_command_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/expiry_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/reading_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/redrive_command_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/dead_letters/retention_test.cc
  USES test_world dead_letters schemas)

# The same of a whole ledger on a real Kafka.
pawl_test(dead_letter_topic_test LABEL integration TIMEOUT 180
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/dead_letters/topic_test.cc
  USES test_world)
