#include "crash/observe.h"

#include <cstdio>

#include "google/protobuf/util/json_util.h"
#include "ledger/v1/commands.pb.h"
#include "ledger/v1/events.pb.h"
#include "pawl/core/uuid.h"
#include "pawl/kafka/record_reader.h"

namespace pawl::test {
namespace {

using postgres::Parameters;
using postgres::Result;
using namespace std::chrono_literals;

constexpr std::int64_t kGenerations = 4;  // so many rotations later the first is emptied

std::string header(const Record& record, std::string_view name) {
  const auto found = record.header(name);
  return found && found->value ? std::string(*found->value) : "";
}

template <class Use>
void read_topic(const Sources& sources, const std::string& topic, Use use) {
  kafka::RecordReader reader{{.brokers = sources.brokers}, topic};
  while (!reader.at_end()) {
    if (const auto record = reader.poll(1s)) use(*record);
  }
}

template <class Message>
bool parses(const std::string& bytes, bool json) {
  Message message;
  if (json) return google::protobuf::util::JsonStringToMessage(bytes, &message).ok();
  return message.ParseFromString(bytes);
}

// A command as DESIGN §8 has it, in CloudEvents' binary mode.
bool is_command(const Record& record) {
  if (!record.value || header(record, "ce_specversion") != "1.0" ||
      header(record, "ce_source").empty())
    return false;
  if (!Uuid::parse(header(record, "ce_id"))) return false;
  const std::string content = header(record, "content-type");
  const bool json = content == "application/json";
  if (!json && content != "application/protobuf") return false;
  const std::string type = header(record, "ce_type");
  const std::string bytes{*record.value};
  if (type == "ledger.v1.OpenAccount") return parses<ledger::v1::OpenAccount>(bytes, json);
  if (type == "ledger.v1.TransferFunds") return parses<ledger::v1::TransferFunds>(bytes, json);
  if (type == "ledger.v1.CloseMonth") return parses<ledger::v1::CloseMonth>(bytes, json);
  if (type == "ledger.v1.CapturePayment") return parses<ledger::v1::CapturePayment>(bytes, json);
  return false;
}

std::vector<Booking> bookings_of(const std::string& type, const std::string& bytes) {
  if (type == "ledger.v1.AccountOpened") {
    ledger::v1::AccountOpened event;
    event.ParseFromString(bytes);
    return {{event.account_id(), 0, 0, event.version()}};
  }
  if (type == "ledger.v1.FundsTransferred") {
    ledger::v1::FundsTransferred event;
    event.ParseFromString(bytes);
    return {
        {event.debit_account_id(), -event.amount(), event.debit_balance(), event.debit_version()},
        {event.credit_account_id(),
         event.amount(),
         event.credit_balance(),
         event.credit_version()}};
  }
  if (type == "ledger.v1.PaymentCaptured") {
    ledger::v1::PaymentCaptured event;
    event.ParseFromString(bytes);
    return {{event.clearing_account_id(),
             -event.amount(),
             event.clearing_balance(),
             event.clearing_version()},
            {event.account_id(), event.amount(), event.balance(), event.version()}};
  }
  return {};
}

std::optional<SeenStatement> statement_of(const SeenEvent& event) {
  if (event.type != "ledger.v1.MonthClosed") return std::nullopt;
  ledger::v1::MonthClosed closed;
  closed.ParseFromString(event.value);
  return SeenStatement{event.cause,
                       closed.account_id(),
                       closed.month(),
                       closed.opening_balance(),
                       closed.closing_balance(),
                       closed.changes(),
                       closed.version()};
}

void by_place(auto& records) {
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
    return std::pair(a.partition, a.offset) < std::pair(b.partition, b.offset);
  });
}

void read_topics(const Sources& sources, Observation& seen) {
  read_topic(sources, sources.commands_topic, [&](const Record& record) {
    seen.commands.push_back({record.partition,
                             record.offset,
                             owned(record.key),
                             owned(record.value),
                             header(record, "ce_id"),
                             header(record, "ce_type"),
                             is_command(record)});
  });
  read_topic(sources, sources.events_topic, [&](const Record& record) {
    SeenEvent event{record.partition,
                    record.offset,
                    owned(record.key),
                    header(record, "ce_id"),
                    header(record, "ce_type"),
                    header(record, "ce_causationid"),
                    std::string(record.value.value_or("")),
                    {}};
    event.bookings = bookings_of(event.type, event.value);
    event.statement = statement_of(event);
    seen.events.push_back(std::move(event));
  });
  read_topic(sources, sources.dead_letter_topic, [&](const Record& record) {
    seen.dead_records.push_back({owned(record.key),
                                 owned(record.value),
                                 std::stoi("0" + header(record, "pawl_dead_partition")),
                                 std::stoll("0" + header(record, "pawl_dead_offset"))});
  });
  by_place(seen.commands);
  by_place(seen.events);
}

Result ask(Database& database, const std::string& sql, const Sources& sources) {
  Parameters parameters;
  parameters.add(std::string_view(sources.consumer));
  return database.execute(sql, parameters);
}

void read_lanes(const Sources& sources, Database& database, Observation& seen) {
  const Result rows = ask(database,
                          R"(
SELECT partition, start_offset, next_offset, received, completed, duplicate, rejected, exhausted, undecodable, parked
FROM pawl.consumer_position p JOIN pawl.consumer c ON c.id = p.consumer WHERE c.name = $1 ORDER BY 1)",
                          sources);
  for (int row = 0; row < rows.rows(); ++row) {
    const auto value = [&](int column) { return rows.integer(row, column); };
    seen.lanes.push_back({static_cast<std::int32_t>(value(0)),
                          value(1),
                          value(2),
                          value(3),
                          value(4),
                          value(5),
                          value(6),
                          value(7),
                          value(8),
                          value(9)});
  }
}

void read_facts(const Sources& sources, Database& database, Observation& seen) {
  const Result inbox = ask(database,
                           R"(
SELECT message_id, ending FROM pawl.inbox i JOIN pawl.consumer c ON c.id = i.consumer WHERE c.name = $1)",
                           sources);
  for (int row = 0; row < inbox.rows(); ++row)
    seen.inbox.push_back({inbox.uuid(row, 0).to_string(), inbox.integer(row, 1)});
  seen.inbox_cleared =
      database.number("SELECT rotations FROM pawl.rotation WHERE name = 'inbox'") >= kGenerations;
  const Result dead = ask(database,
                          R"(
SELECT partition, record_offset, message_id, class FROM pawl.dead_letter d JOIN pawl.consumer c ON c.id = d.consumer
WHERE c.name = $1)",
                          sources);
  for (int row = 0; row < dead.rows(); ++row) {
    seen.dead_letters.push_back({static_cast<std::int32_t>(dead.integer(row, 0)),
                                 dead.integer(row, 1),
                                 dead.uuid(row, 2).to_string(),
                                 std::string(dead.text(row, 3))});
  }
}

void read_outbox(Database& database, Observation& seen) {
  const Result rows = database.execute(
      "SELECT batch, index, topic, key, id, headers IS NOT NULL FROM pawl.outbox ORDER BY batch, "
      "index");
  for (int row = 0; row < rows.rows(); ++row) {
    std::optional<std::string> key;
    if (!rows.is_null(row, 3)) key = rows.text(row, 3);
    seen.outbox.push_back({rows.integer(row, 0),
                           rows.integer(row, 1),
                           std::string(rows.text(row, 2)),
                           std::move(key),
                           rows.uuid(row, 4).to_string(),
                           rows.boolean(row, 5)});
  }
  const Result relay = database.execute("SELECT batch, holes FROM pawl.relay_position");
  if (relay.rows() == 1) seen.relay = {relay.integer(0, 0), relay.integers(0, 1)};
}

// "foreign <debit's version> <its balance> <credit's version> <its balance>"
void read_foreign(const SeenTransfer& transfer, Observation& seen) {
  long long debit_version = 0, debit_balance = 0, credit_version = 0, credit_balance = 0;
  if (std::sscanf(transfer.memo.c_str(),
                  "foreign %lld %lld %lld %lld",
                  &debit_version,
                  &debit_balance,
                  &credit_version,
                  &credit_balance) != 4) {
    return;
  }
  seen.foreign.push_back({transfer.debit, -transfer.amount, debit_balance, debit_version});
  seen.foreign.push_back({transfer.credit, transfer.amount, credit_balance, credit_version});
}

void read_books(Database& database, Observation& seen) {
  const Result accounts =
      database.execute("SELECT account_id, balance, version FROM ledger.account");
  for (int row = 0; row < accounts.rows(); ++row) {
    seen.accounts.push_back(
        {accounts.integer(row, 0), accounts.integer(row, 1), accounts.integer(row, 2)});
  }
  const Result transfers = database.execute(
      "SELECT transfer_id, debit_account_id, credit_account_id, amount, memo FROM ledger.transfer");
  for (int row = 0; row < transfers.rows(); ++row) {
    seen.transfers.push_back({transfers.uuid(row, 0).to_string(),
                              transfers.integer(row, 1),
                              transfers.integer(row, 2),
                              transfers.integer(row, 3),
                              std::string(transfers.text(row, 4))});
    read_foreign(seen.transfers.back(), seen);
  }
}

void read_statements(Database& database, Observation& seen) {
  const Result rows = database.execute(R"(
SELECT command_id, account_id, to_char(month, 'YYYY-MM'), opening_balance, closing_balance, changes, version
FROM ledger.statement ORDER BY account_id, month)");
  for (int row = 0; row < rows.rows(); ++row) {
    seen.statements.push_back({rows.uuid(row, 0).to_string(),
                               rows.integer(row, 1),
                               std::string(rows.text(row, 2)),
                               rows.integer(row, 3),
                               rows.integer(row, 4),
                               rows.integer(row, 5),
                               rows.integer(row, 6)});
  }
}

}  // namespace

Observation observe(const Sources& sources, Database& database) {
  Observation seen;
  seen.events_topic = sources.events_topic;
  read_topics(sources, seen);
  read_lanes(sources, database, seen);
  read_facts(sources, database, seen);
  read_outbox(database, seen);
  read_books(database, seen);
  read_statements(database, seen);
  return seen;
}

}  // namespace pawl::test
