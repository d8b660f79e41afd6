# The Kafka edge against librdkafka's mock cluster, which makes every group wait 3 s for its first assignment.
# Not under ThreadSanitizer: Debian's librdkafka starts its threads with C11's thrd_create, which the sanitizer does not
# know, so the first callback from such a thread ends the program.
if(PAWL_SANITIZE MATCHES "thread")
  message(STATUS "kafka_intake_test and kafka_publisher_test are left out: librdkafka does not run under ThreadSanitizer")
  return()
endif()
pawl_test(kafka_intake_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_intake_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_reader.cc
  USES kafka test_support)
pawl_test(kafka_publisher_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/publisher_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/rebalance_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/settings_test.cc
  USES kafka test_support)
