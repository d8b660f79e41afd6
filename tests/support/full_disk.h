// A disk for a PostgreSQL of the test's that is full when the test says so.
#pragma once

#include <filesystem>
#include <string>

#include "support/temporary_folder.h"

namespace pawl::test {

/// The server's own writes are refused with ENOSPC by a library loaded into it: that needs neither
/// a file system of our own nor the right to mount one, and leaves the machine's disks alone. Make
/// it before the server and give it binaries().
class FullDisk {
 public:
  /// Throws std::runtime_error when there is no PostgreSQL on this machine.
  FullDisk();

  /// For TemporaryServerSettings: PostgreSQL's programs, started on this disk.
  [[nodiscard]] std::filesystem::path binaries() const;

  /// From now on no file grows whose path holds this text: "/data/" for all of the server's,
  /// "/data/base/" for tables and indexes.
  void fill(const std::string& where) const;
  void free_space() const;

 private:
  TemporaryFolder folder_{"disk"};
};

}  // namespace pawl::test
