#include "support/full_disk.h"

#include "pawl/postgres/server_binaries.h"
#include "support/files.h"
#include "support/preload.h"

namespace pawl::test {
namespace {

namespace fs = std::filesystem;

constexpr auto kForAll = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                         fs::perms::others_read | fs::perms::others_exec;

}  // namespace

// The server may run as another user than we do, who cannot enter our folders.
FullDisk::FullDisk() {
  fs::permissions(folder_.path(), kForAll);
  fs::create_directory(binaries());
  fs::permissions(binaries(), kForAll);
  const fs::path library = folder_.path() / "full_disk.so";
  fs::copy_file(full_disk_library(), library);
  fs::permissions(library, kForAll);
  for (const char* program : {"initdb", "postgres"}) {
    const fs::path real = postgres::find_server_binaries({}) / program;
    write_file(binaries() / program,
               "#!/bin/sh\nexec env LD_PRELOAD=" + library.string() + " FULL_DISK=" +
                   (folder_.path() / "full").string() + " " + real.string() + " \"$@\"\n");
    fs::permissions(binaries() / program, kForAll);
  }
}

fs::path FullDisk::binaries() const {
  return folder_.path() / "bin";
}

void FullDisk::fill(const std::string& where) const {
  const fs::path arriving = folder_.path() / "arriving";
  write_file(arriving, where);
  fs::permissions(arriving, kForAll);
  fs::rename(arriving, folder_.path() / "full");  // never seen half written
}

void FullDisk::free_space() const {
  fs::remove(folder_.path() / "full");
}

}  // namespace pawl::test
