# The Kafka edge against librdkafka's mock cluster, which makes every group wait 3 s for its first assignment.
pawl_test(kafka_intake_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_intake_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_reader.cc
  USES kafka test_support)
pawl_test(kafka_publisher_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/publisher_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/settings_test.cc
  USES kafka)
