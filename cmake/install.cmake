# `cmake --install` and find_package(pawl): filled from the lists that pawl_library and pawl_program keep.
