# The engine as a whole: one suite on the fake database and on PostgreSQL.
set(behaviour_sources
  ${CMAKE_CURRENT_LIST_DIR}/engine_fixture.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_database.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_intake.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_session.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_parking.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_redrive.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_store.cc
  ${CMAKE_CURRENT_LIST_DIR}/fake_world.cc
  ${CMAKE_CURRENT_LIST_DIR}/faulty_store.cc
  ${CMAKE_CURRENT_LIST_DIR}/moody_handler.cc
  ${CMAKE_CURRENT_LIST_DIR}/moody_ledger.cc
  ${CMAKE_CURRENT_LIST_DIR}/postgres_world.cc
  ${CMAKE_CURRENT_LIST_DIR}/worker.cc)
add_library(pawl_behaviour_support STATIC ${behaviour_sources})
add_library(pawl::behaviour_support ALIAS pawl_behaviour_support)
pawl_flags(pawl_behaviour_support)
target_link_libraries(pawl_behaviour_support PUBLIC pawl::engine pawl::rotation pawl::test_support ledger::domain GTest::gmock)

pawl_test(engine_behaviour_test LABEL behaviour
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/batches_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/conflicts_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/crash_suspects_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/duplicates_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/endings_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/fencing_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/isolation_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/lanes_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/parking_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/pausing_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/recovery_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/run_control_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/retries_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/unknown_types_test.cc
  USES behaviour_support)

pawl_test(engine_postgres_test LABEL behaviour
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/attempt_history_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/circuit_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/foreign_leaks.cc
          ${CMAKE_CURRENT_LIST_DIR}/handler_groups_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/handlers_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/postgres_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/redrive_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/skip_test.cc
  USES behaviour_support consumer dead_letters)
