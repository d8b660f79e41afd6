# The library as a user gets it: installed elsewhere, found with find_package, linked to the consumer of README.md.
add_test(NAME install_test
  COMMAND ${CMAKE_COMMAND}
    -D SOURCE_FOLDER=${PROJECT_SOURCE_DIR}
    -D BUILD_FOLDER=${PROJECT_BINARY_DIR}
    -D WORK_FOLDER=${PROJECT_BINARY_DIR}/tests/install
    -D COMPILER=${CMAKE_CXX_COMPILER}
    -D LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}
    -P ${CMAKE_CURRENT_LIST_DIR}/install_test.cmake)
set_tests_properties(install_test PROPERTIES LABELS house TIMEOUT 300)
