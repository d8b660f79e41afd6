#include "integration/foreign_client/kcat.h"

#include <stdexcept>

#include "support/process.h"

namespace pawl::test {
namespace {

constexpr char kField = '\x1f';
constexpr char kRecord = '\x1e';

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(at); end != std::string::npos; end = text.find(at, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

Finished kcat(std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), "kcat");
  Finished finished = run({.command = std::move(arguments),
                           .environment = {},
                           .input = std::move(input),
                           .folder = {}});
  if (finished.exit_code != 0) throw std::runtime_error("kcat failed: " + finished.errors);
  return finished;
}

}  // namespace

void kcat_produce(const std::string& brokers, const std::string& topic, const KcatRecord& record) {
  std::vector<std::string> arguments{"-P", "-b", brokers, "-t", topic, "-k", record.key};
  for (const auto& [name, value] : record.headers)
    arguments.insert(arguments.end(), {"-H", name + "=" + value});
  kcat(std::move(arguments), record.value);
}

std::vector<KcatRecord> kcat_consume(const std::string& brokers, const std::string& topic) {
  const std::string format = std::string("%k") + kField + "%s" + kField + "%h" + kRecord;
  const Finished read =
      kcat({"-C", "-q", "-b", brokers, "-t", topic, "-o", "beginning", "-e", "-f", format});
  std::vector<KcatRecord> records;
  for (const std::string& each : split(read.output, kRecord)) {
    const auto fields = split(each, kField);
    if (fields.size() != 3) continue;
    KcatRecord record{fields[0], fields[1], {}};
    for (const std::string& header : split(fields[2], ',')) {
      const auto equals = header.find('=');
      if (equals != std::string::npos)
        record.headers[header.substr(0, equals)] = header.substr(equals + 1);
    }
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace pawl::test
