# `cmake --install` and find_package(pawl): filled from the lists that pawl_library and pawl_program keep.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(programs GLOBAL PROPERTY PAWL_PROGRAMS)
get_property(all_libraries GLOBAL PROPERTY PAWL_LIBRARIES)

# `./dev build` makes these and what they need, and no tests.
add_custom_target(programs)
if(programs)
  add_dependencies(programs ${programs})
  install(TARGETS ${programs} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# What a consumer is written with: the folders of src. The command line is for our own programs.
set(libraries)
foreach(library IN LISTS all_libraries)
  get_target_property(folder ${library} SOURCE_DIR)
  if(folder MATCHES "^${PROJECT_SOURCE_DIR}/src/" AND NOT library STREQUAL "pawl_cli")
    list(APPEND libraries ${library})
  endif()
endforeach()

install(TARGETS ${libraries} EXPORT pawlTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/pawl
        FILES_MATCHING PATTERN "*.h" PATTERN "cli" EXCLUDE)
install(EXPORT pawlTargets NAMESPACE pawl:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/pawl)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/pawlConfig.cmake ${PROJECT_BINARY_DIR}/pawlConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/pawl)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pawlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
