#include "integration/relay/outbox_database.h"

#include <stdexcept>

#include "pawl/outbox/append.h"
#include "pawl/postgres/migrations.h"
#include "pawl/postgres/migrator.h"
#include "pawl/postgres/temporary_server.h"

namespace pawl::test {
namespace {

postgres::TemporaryServer& server() {
  static postgres::TemporaryServer server;
  return server;
}

std::string new_database() {
  static int count = 0;
  const std::string url = server().create_database("outbox_" + std::to_string(++count));
  postgres::Migrator{url, postgres::builtin_migrations()}.up();
  return url;
}

}  // namespace

OutboxDatabase::OutboxDatabase() : url_(new_database()), connection_(connect()) {}

std::unique_ptr<postgres::Connection> OutboxDatabase::connect(const std::string& name) const {
  return std::make_unique<postgres::Connection>(
      postgres::ConnectionSettings{.url = url_, .application_name = name});
}

postgres::Result OutboxDatabase::sql(const std::string& statement) {
  return connection_->execute({"", statement});
}

std::int64_t OutboxDatabase::terminate(const std::string& application_name) {
  return number(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
      "current_database() "
      "AND application_name = '" +
      application_name + "'");
}

std::int64_t OutboxWriter::begin() {
  connection_->execute({"test_begin", "BEGIN"});
  batch_ = connection_->execute({"test_draw", "SELECT pawl.next_outbox_batch()"}).integer(0, 0);
  next_index_ = 0;
  rows_ = {};
  emitted_ = committed_;
  return batch_;
}

void OutboxWriter::emit(const std::string& key, int count) {
  OutboxRows rows;
  for (int i = 0; i < count; ++i) {
    const std::string payload = key + ":" + std::to_string(++emitted_[key]);
    const OutboxRow row{
        .topic = "test.events",
        .key = key,
        .id = Uuid::v7(
            std::chrono::milliseconds{1},
            static_cast<std::uint64_t>(batch_) << 16 | static_cast<unsigned>(next_index_ + i),
            std::hash<std::string>{}(key)),
        .type = "test.v1.Happened",
        .source = "test",
        .content_type = "application/protobuf",
        .payload = payload,
    };
    rows.add(row);
    rows_.add(row);
  }
  postgres::Parameters parameters;
  outbox::encode(batch_, next_index_, rows, parameters);
  const auto written = connection_->execute(outbox::kAppend, parameters).affected();
  if (written != count) throw std::logic_error("the outbox took another number of rows");
  next_index_ += count;
}

outbox::CommittedBatch OutboxWriter::commit() {
  connection_->execute({"test_commit", "COMMIT"});
  committed_ = emitted_;
  return {batch_, std::exchange(rows_, {})};
}

void OutboxWriter::roll_back() {
  connection_->execute({"test_rollback", "ROLLBACK"});
}

std::int64_t OutboxWriter::write(const std::string& key, int count) {
  const std::int64_t batch = begin();
  emit(key, count);
  commit();
  return batch;
}

}  // namespace pawl::test
