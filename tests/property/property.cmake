# The engine against a model of what Pawl promises: cases drawn by chance, shrunk when one fails. So
# many of them, unless the environment's PAWL_PROPERTY_CASES says otherwise.
set(property_cases 10000)
set(property_postgres_cases 20)
if(PAWL_SANITIZE)
  set(property_cases 500)
  set(property_postgres_cases 5)
endif()

add_library(pawl_property_support STATIC
  ${CMAKE_CURRENT_LIST_DIR}/any_case.cc
  ${CMAKE_CURRENT_LIST_DIR}/case.cc
  ${CMAKE_CURRENT_LIST_DIR}/case_run.cc
  ${CMAKE_CURRENT_LIST_DIR}/case_troubles.cc
  ${CMAKE_CURRENT_LIST_DIR}/history.cc
  ${CMAKE_CURRENT_LIST_DIR}/promises.cc)
add_library(pawl::property_support ALIAS pawl_property_support)
pawl_flags(pawl_property_support)
target_link_libraries(pawl_property_support PUBLIC pawl::behaviour_support rapidcheck)

pawl_test(engine_property_test LABEL behaviour
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_property_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/fake_case_world.cc
          ${CMAKE_CURRENT_LIST_DIR}/planted_bugs.cc
  USES property_support)
if(TARGET engine_property_test)
  target_compile_definitions(engine_property_test PRIVATE PAWL_PROPERTY_CASES=${property_cases})
endif()

pawl_test(engine_property_postgres_test LABEL behaviour
  TIMEOUT 240
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/postgres_property_test.cc
  USES property_support dead_letters)
if(TARGET engine_property_postgres_test)
  target_compile_definitions(engine_property_postgres_test PRIVATE PAWL_PROPERTY_CASES=${property_postgres_cases})
endif()
