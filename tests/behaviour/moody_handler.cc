#include "behaviour/moody_handler.h"

#include <stdexcept>

#include "handlers.h"

namespace pawl::test {
namespace {

namespace v1 = ledger::v1;

constexpr const char* kMonth = "2026-11";

const Statement kTakeLimit{
    "test_take_limit",
    "UPDATE ledger.account SET overdraft_limit = 0, version = version + 1 WHERE account_id = $1"};

Decision close(std::int64_t account, Context& context) {
  v1::CloseMonth command;
  command.set_account_id(account);
  command.set_month(kMonth);
  return ledger::close_month(command, context);
}

void add_bad_row(Context& context) {
  context.transaction().exec("INSERT INTO ledger.payment VALUES ('p', 1, -1, 'EUR', 1)");
}

void fail_like(Context& context, const std::string& sqlstate) {
  context.transaction().exec("DO $$ BEGIN RAISE EXCEPTION 'by the test' USING ERRCODE = '" +
                             sqlstate + "'; END $$");
}

// Moods that pass are lived out twice for each id.
bool twice(Context& context, Moods& moods) {
  return moods.bad_times[std::string(context.info().id_text)]++ < 2;
}

bool is_statement(const std::string& mood) {
  return mood.starts_with("COMMIT") || mood.starts_with("ROLLBACK");
}

Decision swallow(Context& context) {
  try {
    add_bad_row(context);
  } catch (const pqxx::sql_error&) {
  }
  return done();
}

Decision take_limit(std::int64_t account, Context& context) {
  context.transaction().exec_prepared(context.prepared(kTakeLimit), account);
  v1::MonthClosed event;
  event.set_account_id(account);
  context.emit(event);
  return done();
}

void live_out(const std::string& mood, Context& context, Moods& moods) {
  constexpr std::string_view kSqlstate = "sqlstate ";
  if (mood == "throw" || (mood == "throw 2" && twice(context, moods)))
    throw std::runtime_error("the handler is in a bad mood");
  if (mood == "bad row") add_bad_row(context);
  if (mood == "bad sql") context.transaction().exec("SELECT FROM no_such_table");
  if (mood == "copy") context.transaction().exec("COPY ledger.payment FROM STDIN");
  if (mood == "commit()") context.transaction().commit();
  if (mood == "planner") {
    moods.planner = context.transaction().exec1("SHOW enable_seqscan")[0].as<std::string>() + " " +
                    context.transaction().exec1("SHOW plan_cache_mode")[0].as<std::string>();
  }
  if (mood.starts_with(kSqlstate) && twice(context, moods))
    fail_like(context, mood.substr(kSqlstate.size()));
  if (mood == "die 2" && twice(context, moods))
    context.transaction().exec("SELECT pg_terminate_backend(pg_backend_pid())");
  if (mood == "slow") moods.slow();
  if (mood == "bank") context.dependency("bank").call(moods.bank);
  if (is_statement(mood)) context.transaction().exec(mood);
}

}  // namespace

Decision moody_close_month(const v1::CloseMonth& command, Context& context, Moods& moods) {
  const std::string& mood = command.month();
  moods.decided.emplace_back(context.info().id_text);
  if (mood.starts_with("2")) return ledger::close_month(command, context);
  if (mood == "swallow") return swallow(context);
  if (mood == "no limit") return take_limit(command.account_id(), context);
  if (mood == "no sql") return emit(v1::MonthClosed{});
  Decision decision = close(command.account_id(), context);
  live_out(mood, context, moods);
  return mood == "reject" ? reject("bad_mood") : decision;
}

}  // namespace pawl::test
