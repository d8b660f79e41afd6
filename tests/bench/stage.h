// What one run happens on: a fresh database and fresh topics.
#pragma once

#include <cstdint>
#include <string>

#include "bench/options.h"
#include "bench/servers.h"
#include "pawl/postgres/connection.h"

namespace pawl::bench {

/// What all accounts are opened with. An overdraft limit that no load uses up stands for money, so
/// that the balances' sum is zero from the beginning.
inline constexpr const char* kStageCurrency = "EUR";
inline constexpr std::int64_t kStageLimit = 1'000'000'000'000'000;

/// Prepared by the constructor, the database dropped by the destructor (topics go with the broker).
class Stage {
 public:
  /// Migrates, fills in the accounts, makes the topics, all under this name. Throws Failure.
  Stage(Servers& servers, const Options& options, std::string name);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Servers& servers() const noexcept { return servers_; }
  [[nodiscard]] const std::string& database_url() const noexcept { return url_; }
  /// To the stage's database.
  [[nodiscard]] postgres::Connection connect() const;
  [[nodiscard]] std::string commands() const { return name_ + ".commands"; }
  [[nodiscard]] std::string events() const { return name_ + ".events"; }
  [[nodiscard]] std::string dead_letters() const { return commands() + ".ledger.dead"; }

 private:
  void make_database(const Options& options);
  void make_topics(const Options& options) const;

  Servers& servers_;
  std::string name_;  // "ledger1"
  std::string url_;
};

}  // namespace pawl::bench
