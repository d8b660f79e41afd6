# The Kafka edge against a real broker; the readers of the unit tests are used again.
pawl_test(kafka_edge_test
  LABEL integration
  TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka/cooperative_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/eager_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/kafka_edge_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/static_member_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/kafka/stuck_lane_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/../unit/kafka/lane_reader.cc
  USES kafka consumer test_support)
