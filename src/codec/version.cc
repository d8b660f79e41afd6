#include "pawl/codec/version.h"

#include <google/protobuf/stubs/common.h>

namespace pawl::codec {

std::string library_version() {
  return google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION);
}

}  // namespace pawl::codec
