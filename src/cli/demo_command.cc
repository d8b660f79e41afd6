#include "pawl/cli/demo_command.h"

#include <CLI/CLI.hpp>
#include <random>

#include "pawl/cli/demo_run.h"
#include "pawl/cli/numbers.h"

namespace pawl::cli {
namespace {

constexpr const char* kFooter = R"(
Without options it needs nothing: it starts a private PostgreSQL in a temporary folder and an embedded Kafka, runs the ledger
with its relay and sends commands, duplicates, rejected ones and garbage. At the end it proves that nothing was lost. Nothing
is left behind. With --brokers or --database it uses real servers instead: it makes the topics and the schema there, and
what it does there stays.

Exit code: 0 everything is accounted for, 1 it is not, 75 broker or database away.

Examples:
  pawl demo
  pawl demo --seconds 60 --rate 50k/s --accounts 10000
  pawl demo --brokers localhost:9092 --database postgresql://localhost/pawl)";

struct Options {
  StageOptions stage;
  double seconds = 20;
  std::string rate = "20k/s";
  int partitions = 8;
  std::int64_t accounts = 1000;
};

command_publisher::LoadShape shape_of(const Options& options) {
  std::random_device chance;
  return {.accounts = options.accounts,
          .captures = 0.05,
          .duplicates = 0.05,
          .rejections = 0.05,
          .garbage = 0.01,
          .seed = chance(),
          .source = "pawl-demo"};
}

ExitCode demo(const Options& options, const Invocation& invocation, const Registration& ledger) {
  const auto rate = parse_amount(options.rate);
  if (!rate || *rate <= 0) {
    throw Complaint(ExitCode::usage,
                    "pawl demo: expected --rate to be a number such as 500, 20k or 20k/s, got: " +
                        options.rate);
  }
  return run_demo(
      {.stage = options.stage,
       .duration = std::chrono::milliseconds{static_cast<std::int64_t>(options.seconds * 1000)},
       .per_second = *rate,
       .partitions = options.partitions,
       .shape = shape_of(options)},
      invocation,
      ledger);
}

}  // namespace

void add_demo(CLI::App& app, Invocation& invocation, const Registration& ledger) {
  CLI::App* command =
      app.add_subcommand("demo", "Watch commands become events; needs nothing but this program");
  auto options = std::make_shared<Options>();
  command->add_option("--seconds", options->seconds, "How long commands are sent; 0: until Ctrl-C")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  command->add_option("--rate", options->rate, "Commands per second, as far as the machine can")
      ->capture_default_str()
      ->type_name("N/s");
  command->add_option("--accounts", options->accounts, "Accounts to open")
      ->capture_default_str()
      ->check(CLI::Range(2, 10'000'000));
  command->add_option("--partitions", options->partitions, "Of topics that it makes")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--brokers", options->stage.brokers, "A real Kafka instead of the embedded one")
      ->type_name("LIST");
  command
      ->add_option(
          "--database", options->stage.database, "A real PostgreSQL instead of a private one")
      ->type_name("URL");
  command->footer(kFooter);
  command->callback([options, &invocation, ledger] {
    invocation.action = [options, &invocation, ledger] {
      return demo(*options, invocation, ledger);
    };
  });
}

}  // namespace pawl::cli
