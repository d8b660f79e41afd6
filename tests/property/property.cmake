# The engine against a model of what Pawl promises: cases drawn by chance, shrunk when one fails. So
# many of them, unless the environment's PAWL_PROPERTY_CASES says otherwise.
set(property_cases 10000)
if(PAWL_SANITIZE)
  set(property_cases 500)
endif()

pawl_test(engine_property_test LABEL behaviour
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/any_case.cc
          ${CMAKE_CURRENT_LIST_DIR}/case.cc
          ${CMAKE_CURRENT_LIST_DIR}/case_run.cc
          ${CMAKE_CURRENT_LIST_DIR}/case_troubles.cc
          ${CMAKE_CURRENT_LIST_DIR}/engine_property_test.cc
          ${CMAKE_CURRENT_LIST_DIR}/fake_case_world.cc
          ${CMAKE_CURRENT_LIST_DIR}/history.cc
          ${CMAKE_CURRENT_LIST_DIR}/planted_bugs.cc
          ${CMAKE_CURRENT_LIST_DIR}/promises.cc
  USES behaviour_support
  LINKS rapidcheck)
if(TARGET engine_property_test)
  target_compile_definitions(engine_property_test PRIVATE PAWL_PROPERTY_CASES=${property_cases})
endif()
