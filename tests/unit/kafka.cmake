# The Kafka edge against librdkafka's mock cluster.
add_library(pawl_kafka_test_support STATIC ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_reader.cc)
add_library(pawl::kafka_test_support ALIAS pawl_kafka_test_support)
pawl_flags(pawl_kafka_test_support)
target_include_directories(pawl_kafka_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(pawl_kafka_test_support PUBLIC pawl::kafka)

pawl_test(kafka_intake_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/lane_intake_test.cc
  USES kafka kafka_test_support)
pawl_test(kafka_publisher_test
  LABEL unit
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/publisher_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/settings_test.cc
  USES kafka)
