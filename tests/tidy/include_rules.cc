// Who may include whom: words < ground < edges < facts < flows < consumer < command line <
// programs.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "tidy/rules.h"

namespace pawl::tidy {
namespace {

struct Folder {
  std::string_view name;
  int layer;
};

constexpr int kEdgeLayer = 2;
constexpr int kDomainLayer = 6;  // consumers/ and producers/: programs know everybody below
constexpr std::array kFolders{
    Folder{"core", 0},  // words
    Folder{"observe", 1},
    Folder{"config", 1},  // ground
    Folder{"kafka", 2},
    Folder{"postgres", 2},
    Folder{"codec", 2},  // edges
    Folder{"inbox", 3},
    Folder{"outbox", 3},
    Folder{"retry", 3},
    Folder{"rotation", 3},
    Folder{"dead_letters", 3},
    Folder{"held_events", 3},
    Folder{"run_control", 3},  // facts
    Folder{"engine", 4},
    Folder{"relay", 4},
    Folder{"http", 4},  // flows
    Folder{"consumer", 5},
    Folder{"cli", 7},
};

// Flows say here what they need of the edges, and edges implement it.
constexpr std::array kPorts{"pawl/engine/ports.h", "pawl/relay/ports.h"};

struct Edge {
  std::string_view library;
  std::string_view headers;                 // how its includes begin
  std::array<std::string_view, 5> folders;  // who may
};

constexpr std::array kEdges{
    Edge{"librdkafka", "librdkafka/", {"src/kafka/"}},
    Edge{"libpq", "libpq", {"src/postgres/"}},
    Edge{"libpqxx", "pqxx/", {"src/postgres/"}},
    Edge{"Protobuf", "google/protobuf/", {"src/codec/", "schemas/", "consumers/", "tests/"}},
    Edge{"prometheus-cpp", "prometheus/", {"src/observe/"}},
    Edge{"libbacktrace", "backtrace.h", {"src/observe/"}},
    Edge{"spdlog", "spdlog/", {"src/observe/"}},
    Edge{"Boost.Beast", "boost/beast", {"src/http/"}},
    Edge{"Boost.Asio", "boost/asio", {"src/http/"}},
};

std::optional<std::string_view> included(const std::string& line) {
  std::string_view text{line};
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (!text.starts_with("#include")) return std::nullopt;
  auto begin = text.find_first_of("<\"");
  auto end = text.find_first_of(">\"", begin + 1);
  if (begin == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  return text.substr(begin + 1, end - begin - 1);
}

std::string_view folder_of(std::string_view path, std::string_view prefix) {
  path.remove_prefix(prefix.size());
  return path.substr(0, path.find('/'));
}

std::optional<int> layer_of(std::string_view folder) {
  auto found = std::ranges::find(kFolders, folder, &Folder::name);
  return found == kFolders.end() ? std::nullopt : std::optional{found->layer};
}

bool may_include(std::string_view from, int from_layer, std::string_view header) {
  auto to = folder_of(header, "pawl/");
  if (to == from) return true;
  if (from_layer == kEdgeLayer && std::ranges::find(kPorts, header) != kPorts.end()) return true;
  return layer_of(to).value_or(kDomainLayer) < from_layer;
}

std::string direction_fault(const SourceFile& file, std::string_view header) {
  if (file.under("src/")) {
    auto from = folder_of(file.path, "src/");
    auto layer = layer_of(from);
    if (!layer)
      return "unknown folder src/" + std::string{from} +
             ": give it a layer in tests/tidy/include_rules.cc";
    if (may_include(from, *layer, header)) return {};
    return "src/" + std::string{from} + " may not include \"" + std::string{header} +
           "\": folders include downwards only. Let the lower one declare a narrow interface "
           "(engine/ports.h shows how)";
  }
  if (file.under("consumers/") && !file.path.ends_with("/main.cc")) {
    auto to = folder_of(header, "pawl/");
    if (to == "core" || to == "engine" || to == "consumer") return {};
    return "the domain may not include \"" + std::string{header} +
           "\": it sees pawl/consumer, pawl/engine's handler types and pawl/core";
  }
  return {};
}

std::string library_fault(const SourceFile& file, std::string_view header) {
  for (const auto& edge : kEdges) {
    if (!header.starts_with(edge.headers)) continue;
    auto may = [&](std::string_view folder) { return !folder.empty() && file.under(folder); };
    if (std::ranges::any_of(edge.folders, may)) return {};
    return std::string{edge.library} + " belongs to " + std::string{edge.folders[0]} +
           ": use what that folder offers, or add the missing verb there";
  }
  return {};
}

bool is_message_header(std::string_view header) {
  return header.ends_with(".pb.h");
}

std::string message_fault(const SourceFile& file, std::string_view header) {
  if (!is_message_header(header) || !file.under("src/") || file.under("src/codec/")) return {};
  return "generated message types belong to the domain and src/codec: let src/codec encode and "
         "decode";
}

}  // namespace

std::vector<Fault> broken_include_rules(const SourceFile& file) {
  std::vector<Fault> faults;
  if (!file.is_cpp()) return faults;
  for (std::size_t index = 0; index < file.lines.size(); ++index) {
    auto header = included(file.lines[index]);
    if (!header || file.code[index].find('#') == std::string::npos) continue;
    auto fault = header->starts_with("pawl/") ? direction_fault(file, *header)
                                              : library_fault(file, *header);
    if (fault.empty()) fault = message_fault(file, *header);
    if (!fault.empty()) faults.push_back({file.path, index + 1, fault});
  }
  return faults;
}

}  // namespace pawl::tidy
