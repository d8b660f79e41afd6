# find_package(pawl) in a project outside: link pawl::consumer. The same libraries as dependencies.cmake, without
# those that only building Pawl needs.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
find_dependency(Threads)
find_dependency(Protobuf)
find_dependency(OpenSSL)
find_dependency(fmt)
find_dependency(spdlog)
find_dependency(prometheus-cpp COMPONENTS core)
find_dependency(nlohmann_json)
find_dependency(CLI11)
find_dependency(Boost)
foreach(module IN ITEMS rdkafka libpq libpqxx)
  pkg_check_modules(${module} REQUIRED QUIET IMPORTED_TARGET ${module})
endforeach()
pkg_check_modules(xxhash REQUIRED QUIET IMPORTED_TARGET libxxhash)

include(${CMAKE_CURRENT_LIST_DIR}/pawlTargets.cmake)
