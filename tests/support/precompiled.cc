// Carries the precompiled headers of all tests; see pawl_test_headers() in cmake/pawl.cmake.
