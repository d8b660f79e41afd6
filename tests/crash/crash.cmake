# Processes killed at named points, on real servers, judged by an independent checker.
include(${CMAKE_CURRENT_LIST_DIR}/world.cmake)

pawl_test(crash_points_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/crash_points_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/crash_port.cc
          ${CMAKE_CURRENT_LIST_DIR}/planted_bugs_test.cc
  USES test_world)

pawl_test(parking_crash_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/crash_port.cc
          ${CMAKE_CURRENT_LIST_DIR}/parking_crash_test.cc
  USES test_world)

pawl_test(crash_suspects_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/crash_suspects_test.cc
  USES test_world)

pawl_test(redrive_crash_test LABEL crash TIMEOUT 180
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/redrive_crash_test.cc
  USES test_world)

# Several processes: who takes over from whom, and when.
pawl_test(takeover_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/handler_deadline_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/relay_takeover_test.cc
  USES test_world)

# Promises seconds, so nothing runs beside it.
pawl_test(rebalance_storm_test LABEL crash TIMEOUT 900
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/rebalance_storm_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/steady_load.cc
  USES test_world)
set_tests_properties(${PAWL_TEST_PREFIX}rebalance_storm_test PROPERTIES RUN_SERIAL ON)

# What happens to a running ledger from outside.
pawl_test(disturbance_test LABEL crash TIMEOUT 300
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/fencing_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/foreign_writer.cc
          ${CMAKE_CURRENT_LIST_DIR}/lost_backends_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/random_kills_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/server_restarts_test.cc
  USES rotation test_world)

# How much the real program holds while a million commands wait.
pawl_test(memory_test LABEL crash TIMEOUT 420
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/memory_test.cc
  USES test_world)

# What the database does that is no command's fault.
pawl_test(database_faults_test LABEL crash TIMEOUT 240
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cut_commits_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/disk_full_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/nobodys_fault_test.cc
  USES test_world)

# What else a running ledger meets: a clock that is off, a producer that ends.
pawl_test(odd_world_test LABEL crash TIMEOUT 180
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/clock_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/fatal_producer_test.cc
  USES test_world)

# Each of these is a minute of waiting, so they share the processors.
pawl_test(database_away_test LABEL crash TIMEOUT 180 PROCESSORS 1
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/database_away_test.cc
  USES test_world)
pawl_test(kafka_away_test LABEL crash TIMEOUT 180 PROCESSORS 1
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/kafka_away_test.cc
  USES test_world)
pawl_test(cut_broker_test LABEL crash TIMEOUT 180 PROCESSORS 1
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/cut_broker_test.cc
  USES test_world)
