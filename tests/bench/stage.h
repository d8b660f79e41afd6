// What one run happens on: a fresh database and fresh topics.
#pragma once

#include <string>

#include "bench/options.h"
#include "bench/servers.h"

namespace pawl::bench {

/// Prepared by the constructor, the database dropped by the destructor (topics go with the broker).
class Stage {
 public:
  /// Migrates, fills in the accounts, makes the topics. Throws Failure.
  Stage(Servers& servers, const Options& options, int run);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] Servers& servers() const noexcept { return servers_; }
  [[nodiscard]] const std::string& database_url() const noexcept { return url_; }
  [[nodiscard]] std::string commands() const { return domain_ + ".commands"; }
  [[nodiscard]] std::string events() const { return domain_ + ".events"; }
  [[nodiscard]] std::string dead_letters() const { return commands() + ".ledger.dead"; }

 private:
  void make_database(const Options& options);
  void make_topics(const Options& options) const;

  Servers& servers_;
  std::string domain_;  // "ledger1"
  std::string url_;
};

}  // namespace pawl::bench
