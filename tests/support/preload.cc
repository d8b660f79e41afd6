#include "support/preload.h"

namespace pawl::test {

std::filesystem::path full_disk_library() {
  return PAWL_FULL_DISK_LIBRARY;
}
std::filesystem::path fatal_producer_library() {
  return PAWL_FATAL_PRODUCER_LIBRARY;
}

std::filesystem::path shifted_clock_library() {
  return PAWL_SHIFTED_CLOCK_LIBRARY;
}

}  // namespace pawl::test
