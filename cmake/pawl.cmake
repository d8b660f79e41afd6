# The few functions that every folder's CMakeLists.txt uses.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(PAWL_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")

find_program(PAWL_CCACHE ccache)
if(PAWL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${PAWL_CCACHE})
endif()

function(pawl_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Werror -Wno-missing-field-initializers)
  if(PAWL_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${PAWL_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${PAWL_SANITIZE})
  endif()
endfunction()

# pawl_library(name SOURCES a.cc … USES core … LINKS foreign::library …)
# USES names other folders of src; they are what this folder may include.
function(pawl_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  list(TRANSFORM ARG_USES PREPEND pawl::)
  if(ARG_SOURCES)
    add_library(pawl_${name} STATIC ${ARG_SOURCES})
    pawl_flags(pawl_${name})
    target_include_directories(pawl_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                                   $<INSTALL_INTERFACE:include>)
    target_link_libraries(pawl_${name} PUBLIC ${ARG_USES} ${ARG_LINKS})
  else()
    add_library(pawl_${name} INTERFACE)
    target_include_directories(pawl_${name} INTERFACE $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                                      $<INSTALL_INTERFACE:include>)
    target_link_libraries(pawl_${name} INTERFACE ${ARG_USES} ${ARG_LINKS})
  endif()
  add_library(pawl::${name} ALIAS pawl_${name})
  set_target_properties(pawl_${name} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY PAWL_LIBRARIES pawl_${name})
endfunction()

# pawl_allocator(name): records are allocated by librdkafka's threads and freed by the engine's, which malloc of glibc
# does slowly. Linked for its malloc alone, so nothing refers to it; sanitizers have their own.
function(pawl_allocator name)
  if(PAWL_SANITIZE)
    return()
  endif()
  target_link_options(${name} PRIVATE -Wl,--no-as-needed)
  target_link_libraries(${name} PRIVATE mimalloc)
endfunction()

# pawl_program(name SOURCES main.cc … USES …)
function(pawl_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  list(TRANSFORM ARG_USES PREPEND pawl::)
  add_executable(${name} ${ARG_SOURCES})
  pawl_flags(${name})
  target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LINKS})
  pawl_allocator(${name})
  set_property(GLOBAL APPEND PROPERTY PAWL_PROGRAMS ${name})
endfunction()

# What nearly every test includes, compiled once: GoogleTest alone is half of a test's compile time. Where a program's
# definitions do not fit, the compiler takes the headers as they are.
set(CMAKE_PCH_WARN_INVALID OFF)
function(pawl_test_headers source)
  add_executable(pawl_test_headers ${source})
  pawl_flags(pawl_test_headers)
  target_link_libraries(pawl_test_headers PRIVATE GTest::gmock GTest::gtest_main)
  target_precompile_headers(pawl_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h> <algorithm> <chrono> <functional>
                            <map> <memory> <optional> <string> <vector>)
  set_target_properties(pawl_test_headers PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()

# pawl_test(name LABEL unit SOURCES … USES …): one GoogleTest program, one ctest entry.
# TIMEOUT in seconds (default 120). PROCESSORS: how many it keeps busy, where that is not its kind's usual number. THREADS:
# several threads of ours meet in it, and none of a library that is not built with the thread sanitizer. PAWL_TEST_PREFIX tells the entries of sanitizer builds apart.
function(pawl_test name)
  cmake_parse_arguments(ARG "THREADS" "LABEL;TIMEOUT;PROCESSORS" "SOURCES;USES;LINKS" ${ARGN})
  if(PAWL_SANITIZE STREQUAL "thread" AND NOT ARG_THREADS)
    return()
  endif()
  list(TRANSFORM ARG_USES PREPEND pawl::)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  pawl_flags(${name})
  target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM pawl_test_headers)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${PAWL_TEST_PREFIX}${name} COMMAND ${name})
  set_tests_properties(${PAWL_TEST_PREFIX}${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT})
  if(ARG_PROCESSORS)
    set_tests_properties(${PAWL_TEST_PREFIX}${name} PROPERTIES PROCESSORS ${ARG_PROCESSORS})
  endif()
endfunction()
