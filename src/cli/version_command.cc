#include "pawl/cli/version_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "pawl/codec/version.h"
#include "pawl/core/version.h"
#include "pawl/kafka/version.h"
#include "pawl/postgres/version.h"

namespace pawl::cli {

void add_version(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("version", "Print the version, and those of the libraries");
  command->callback([&invocation] {
    invocation.action = [] {
      print(fmt::format("pawl {}\nlibrdkafka {}\nlibpq {}\nprotobuf {}\ncompiler {}",
                        kVersion,
                        kafka::library_version(),
                        postgres::library_version(),
                        codec::library_version(),
                        __VERSION__));
      return ExitCode::ok;
    };
  });
}

}  // namespace pawl::cli
