# What tests are written with: real servers, processes, patience. A test program adds `USES test_support`
# and includes "support/<file>.h".
add_library(pawl_test_support STATIC
  ${CMAKE_CURRENT_LIST_DIR}/database.cc
  ${CMAKE_CURRENT_LIST_DIR}/eventually.cc
  ${CMAKE_CURRENT_LIST_DIR}/files.cc
  ${CMAKE_CURRENT_LIST_DIR}/full_disk.cc
  ${CMAKE_CURRENT_LIST_DIR}/http_client.cc
  ${CMAKE_CURRENT_LIST_DIR}/kafka_requests.cc
  ${CMAKE_CURRENT_LIST_DIR}/kafka_server.cc
  ${CMAKE_CURRENT_LIST_DIR}/kept.cc
  ${CMAKE_CURRENT_LIST_DIR}/ports.cc
  ${CMAKE_CURRENT_LIST_DIR}/preload.cc
  ${CMAKE_CURRENT_LIST_DIR}/process.cc
  ${CMAKE_CURRENT_LIST_DIR}/process_figures.cc
  ${CMAKE_CURRENT_LIST_DIR}/seed.cc
  ${CMAKE_CURRENT_LIST_DIR}/tcp_gate.cc
  ${CMAKE_CURRENT_LIST_DIR}/temporary_folder.cc)
add_library(pawl::test_support ALIAS pawl_test_support)
pawl_flags(pawl_test_support)
target_include_directories(pawl_test_support PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_compile_definitions(pawl_test_support PRIVATE PAWL_SOURCE_FOLDER="${PROJECT_SOURCE_DIR}"
                                                     PAWL_FULL_DISK_LIBRARY="$<TARGET_FILE:full_disk_preload>"
                                                     PAWL_FATAL_PRODUCER_LIBRARY="$<TARGET_FILE:fatal_producer_preload>"
                                                     PAWL_SHIFTED_CLOCK_LIBRARY="$<TARGET_FILE:shifted_clock_preload>")
add_dependencies(pawl_test_support full_disk_preload fatal_producer_preload shifted_clock_preload)
target_link_libraries(pawl_test_support PUBLIC pawl::kafka pawl::postgres GTest::gtest)

# Libraries that are loaded into other programs before their own (LD_PRELOAD).
function(pawl_preload name)
  add_library(${name} MODULE ${CMAKE_CURRENT_LIST_DIR}/${name}.cc)
  target_compile_features(${name} PRIVATE cxx_std_23)
  target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS} -static-libstdc++ -static-libgcc)
  set_target_properties(${name} PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()
pawl_preload(full_disk_preload)
pawl_preload(fatal_producer_preload)
pawl_preload(shifted_clock_preload)

# support/records.h alone, for tests that need no servers.
add_library(pawl_test_records INTERFACE)
add_library(pawl::test_records ALIAS pawl_test_records)
target_include_directories(pawl_test_records INTERFACE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(pawl_test_records INTERFACE pawl::core)
