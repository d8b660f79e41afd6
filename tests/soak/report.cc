#include "soak/report.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "crash/checker.h"

namespace pawl::soak {
namespace {

using Json = nlohmann::ordered_json;

std::map<std::string, int> counted(const std::vector<std::string>& faults) {
  std::map<std::string, int> counts;
  for (const std::string& fault : faults) ++counts[fault];
  return counts;
}

Json of(const Footprint& footprint) {
  return {{"rss_mib", footprint.rss_mib},
          {"descriptors", footprint.descriptors},
          {"threads", footprint.threads},
          {"connections", footprint.connections}};
}

Json tables_of(const Figures& figures) {
  Json tables;
  for (const TableSize& table : figures.tables) {
    tables[table.name] = {
        {"rows", table.rows}, {"bytes", table.bytes}, {"dead_rows", table.dead_rows}};
  }
  for (const RotatingTable& table : figures.rotating_tables) {
    tables[table.name] = {{"rows", table.rows},
                          {"bytes_max", table.bytes_max},
                          {"rotations", table.rotations},
                          {"oldest_row_seconds", table.oldest_row.count()}};
  }
  return tables;
}

}  // namespace

std::string as_text(const Options& options,
                    const Figures& figures,
                    const std::vector<Check>& checks) {
  std::string text =
      fmt::format("\nsoak of {:.1f} min at {:.0f}/s, seed {}: {} commands, {} faults (",
                  options.minutes,
                  options.per_second,
                  options.seed,
                  figures.sent,
                  figures.faults.size());
  const char* separator = "";
  for (const auto& [name, count] : counted(figures.faults)) {
    text += fmt::format("{}{} {}", separator, name, count);
    separator = ", ";
  }
  text += ")\n";
  for (const Check& check : checks) {
    text += fmt::format("{:<6}  {:<22}  {:<62}  {}\n",
                        check.holds ? "ok" : "BROKEN",
                        check.name,
                        check.promise,
                        check.found);
  }
  if (!figures.broken_promises.empty()) text += test::as_text(figures.broken_promises);
  for (const std::string& end : figures.bad_ends) text += end + "\n";
  text += all_hold(checks) ? "all holds\n"
                           : fmt::format("not all holds; again with --seed {}\n", options.seed);
  return text;
}

std::string as_json(const Options& options,
                    const Figures& figures,
                    const std::vector<Check>& checks) {
  Json json = {{"holds", all_hold(checks)},
               {"minutes", options.minutes},
               {"per_second", options.per_second},
               {"seed", options.seed},
               {"workers", options.workers},
               {"in_flight", options.in_flight},
               {"commands", figures.sent},
               {"elapsed_seconds", figures.elapsed.count()},
               {"drained_seconds", figures.drained_in.count()},
               {"longest_stall_seconds", figures.longest_stall.count()},
               {"lag_max", figures.lag_max},
               {"rss_max_mib", figures.rss_max_mib},
               {"baseline", of(figures.baseline)},
               {"end", of(figures.end)},
               {"faults", counted(figures.faults)},
               {"tables", tables_of(figures)}};
  for (const Check& check : checks) {
    json["checks"][check.name] = {
        {"holds", check.holds}, {"promise", check.promise}, {"found", check.found}};
  }
  return json.dump(2) + "\n";
}

}  // namespace pawl::soak
