// A world whose ledger does with a transfer what its memo says; see moody_ledger_main.cc.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "command_publisher/payload_writer.h"
#include "crash/programs.h"
#include "crash/world.h"
#include "pawl/codec/command_encoder.h"

namespace pawl::test {

class MoodyWorld : public World {
 public:
  /// The accounts' opening is sent.
  explicit MoodyWorld(WorldSettings settings) : World(std::move(settings)) { produce(0); }

  [[nodiscard]] std::unique_ptr<Process> start_moody(
      std::map<std::string, std::string> environment = {}) const {
    return start({moody_ledger_program(), "--config", config_file()}, std::move(environment));
  }
  /// Moves one cent from account 1 to account 2.
  void transfer(const std::string& memo, const std::string& key = "1") {
    std::string payload;
    writer_.transfer(1, 2, 1, "EUR", memo, payload);
    const std::string id = fmt::format("00000000-0000-7000-8000-{:012}", ++transfers_);
    std::vector<Header> headers;
    const auto texts =
        codec::command_headers({.id = id, .source = "test", .type = "ledger.v1.TransferFunds"});
    for (const auto& [name, value] : texts) headers.push_back({name, value});
    send({.kind = command_publisher::Kind::transfer,
          .id = {},
          .key = key,
          .value = payload,
          .headers = headers},
         SystemClock{}.wall());
    flush();
  }
  [[nodiscard]] bool all_received() { return static_cast<std::uint64_t>(received()) == produced(); }

 private:
  command_publisher::PayloadWriter writer_{codec::Encoding::protobuf, 0};
  int transfers_ = 0;
};

}  // namespace pawl::test
