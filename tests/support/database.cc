#include "support/database.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "pawl/postgres/migrations.h"
#include "pawl/postgres/migrator.h"
#include "support/tcp_gate.h"

namespace pawl::test {
namespace {

constexpr const char* kTemplate = "pawl_template";

void migrate(const std::string& url) {
  postgres::Migrator{url, postgres::builtin_migrations()}.up();
}

std::string next_name() {
  static std::atomic<int> count{0};
  return "test_" + std::to_string(++count);
}

void execute_on(const std::string& url, const std::string& sql) {
  postgres::Connection connection{{.url = url, .application_name = "test support", .session = {}}};
  connection.execute({"", sql});
}

struct SharedServer {
  SharedServer() { migrate(server.create_database(kTemplate)); }
  postgres::TemporaryServer server;
};

}  // namespace

postgres::TemporaryServer& shared_postgres() {
  static SharedServer shared;
  return shared.server;
}

Database::Database()
    : name_(next_name()),
      url_(shared_postgres().url(name_)),
      server_(shared_postgres()),
      shared_(true) {
  execute_on(shared_postgres().url(), "CREATE DATABASE " + name_ + " TEMPLATE " + kTemplate);
}

Database::Database(postgres::TemporaryServer& server)
    : name_(next_name()), url_(server.create_database(name_)), server_(server) {
  migrate(url_);
}

Database::~Database() {
  connection_.reset();
  if (!shared_) return;
  try {
    execute_on(shared_postgres().url(), "DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const Failure& failure) {
    ADD_FAILURE() << "cannot drop " << name_ << ": " << failure.what();
  }
}

std::string Database::url_through(TcpGate& gate) const {
  static constexpr std::string_view kHost = "@127.0.0.1:";
  std::string url = server_.tcp_url(name_);
  const std::size_t port = url.find(kHost) + kHost.size();
  const std::size_t length = url.find('/', port) - port;
  gate.forward_to(static_cast<std::uint16_t>(std::stoi(url.substr(port, length))));
  return url.replace(port, length, std::to_string(gate.port()));
}

postgres::Connection Database::connect(std::string application_name) const {
  return postgres::Connection{
      {.url = url_, .application_name = std::move(application_name), .session = {}}};
}

postgres::Result Database::execute(const std::string& sql, const postgres::Parameters& parameters) {
  if (!connection_) {
    connection_ = std::make_unique<postgres::Connection>(
        postgres::ConnectionSettings{.url = url_, .application_name = "test", .session = {}});
  }
  return connection_->execute({"", sql}, parameters);
}

std::int64_t Database::number(const std::string& sql, const postgres::Parameters& parameters) {
  return execute(sql, parameters).integer(0, 0);
}

}  // namespace pawl::test
