#include "crash/ledger_process.h"

#include <cstdlib>
#include <sstream>

#include "support/http_client.h"

namespace pawl::test {
namespace {

constexpr std::string_view kOk = "HTTP/1.1 200";

std::uint16_t admin_port(const Process& ledger) {
  static constexpr std::string_view kField = "\"admin_port\":";
  const std::string log = ledger.errors();
  const std::size_t at = log.find(kField);
  if (at == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::atoi(log.c_str() + at + kField.size()));
}

}  // namespace

std::size_t times_said(const Process& process, std::string_view text) {
  const std::string log = process.errors();
  std::size_t times = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1))
    ++times;
  return times;
}

std::string page(const Process& ledger, const std::string& path) {
  const std::uint16_t port = admin_port(ledger);
  return port == 0 ? "" : http::get(port, path);
}

bool is_alive(const Process& ledger) {
  return page(ledger, "/healthz/live").starts_with(kOk);
}
bool is_ready(const Process& ledger) {
  return page(ledger, "/healthz/ready").starts_with(kOk);
}

double metric(const Process& ledger, const std::string& name, std::string_view labels) {
  std::istringstream text{page(ledger, "/metrics")};
  double sum = 0;
  for (std::string line; std::getline(text, line);) {
    const bool ours = line.starts_with(name + '{') || line.starts_with(name + ' ');
    if (ours && line.find(labels) != std::string::npos)
      sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
  }
  return sum;
}

}  // namespace pawl::test
