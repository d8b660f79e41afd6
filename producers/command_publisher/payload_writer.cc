#include "command_publisher/payload_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "ledger/v1/commands.pb.h"

namespace command_publisher {
namespace {

using pawl::codec::Encoding;

constexpr std::uint32_t kFillerTag = (1000U << 3U) | 2U;  // field 1000, length-delimited

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

}  // namespace

struct PayloadWriter::Messages {
  ledger::v1::OpenAccount open;
  ledger::v1::TransferFunds transfer;
  ledger::v1::CapturePayment capture;
  ledger::v1::CloseMonth close;
};

PayloadWriter::PayloadWriter(Encoding encoding, std::size_t bytes_min)
    : encoding_(encoding), bytes_min_(bytes_min), messages_(std::make_unique<Messages>()) {}

PayloadWriter::~PayloadWriter() = default;
PayloadWriter::PayloadWriter(PayloadWriter&&) noexcept = default;
PayloadWriter& PayloadWriter::operator=(PayloadWriter&&) noexcept = default;

void PayloadWriter::open_account(std::int64_t account,
                                 std::string_view currency,
                                 std::int64_t limit,
                                 std::string& into) {
  into.clear();
  if (encoding_ == Encoding::json) {
    fmt::format_to(std::back_inserter(into),
                   R"({{"accountId":"{}","currency":"{}","overdraftLimit":"{}"}})",
                   account,
                   currency,
                   limit);
  } else {
    ledger::v1::OpenAccount& message = messages_->open;
    message.set_account_id(account);
    message.set_currency(currency.data(), currency.size());
    message.set_overdraft_limit(limit);
    message.AppendToString(&into);
  }
  fill_up(into);
}

void PayloadWriter::transfer(std::int64_t debit,
                             std::int64_t credit,
                             std::int64_t amount,
                             std::string_view currency,
                             std::string_view memo,
                             std::string& into) {
  into.clear();
  if (encoding_ == Encoding::json) {
    fmt::format_to(
        std::back_inserter(into),
        R"({{"debitAccountId":"{}","creditAccountId":"{}","amount":"{}","currency":"{}","memo":"{}"}})",
        debit,
        credit,
        amount,
        currency,
        memo);
  } else {
    ledger::v1::TransferFunds& message = messages_->transfer;
    message.set_debit_account_id(debit);
    message.set_credit_account_id(credit);
    message.set_amount(amount);
    message.set_currency(currency.data(), currency.size());
    message.set_memo(memo.data(), memo.size());
    message.AppendToString(&into);
  }
  fill_up(into);
}

void PayloadWriter::capture(std::string_view payment,
                            std::int64_t account,
                            std::int64_t amount,
                            std::string_view currency,
                            std::string& into) {
  into.clear();
  if (encoding_ == Encoding::json) {
    fmt::format_to(std::back_inserter(into),
                   R"({{"externalPaymentId":"{}","accountId":"{}","amount":"{}","currency":"{}"}})",
                   payment,
                   account,
                   amount,
                   currency);
  } else {
    ledger::v1::CapturePayment& message = messages_->capture;
    message.set_external_payment_id(payment.data(), payment.size());
    message.set_account_id(account);
    message.set_amount(amount);
    message.set_currency(currency.data(), currency.size());
    message.AppendToString(&into);
  }
  fill_up(into);
}

void PayloadWriter::close_month(std::int64_t account, std::string_view month, std::string& into) {
  into.clear();
  if (encoding_ == Encoding::json) {
    fmt::format_to(
        std::back_inserter(into), R"({{"accountId":"{}","month":"{}"}})", account, month);
  } else {
    ledger::v1::CloseMonth& message = messages_->close;
    message.set_account_id(account);
    message.set_month(month.data(), month.size());
    message.AppendToString(&into);
  }
  fill_up(into);
}

void PayloadWriter::fill_up(std::string& payload) const {
  if (payload.size() >= bytes_min_) return;
  if (encoding_ == Encoding::json) {
    payload.resize(bytes_min_, ' ');
    return;
  }
  append_varint(payload, kFillerTag);
  const std::size_t left = bytes_min_ > payload.size() ? bytes_min_ - payload.size() : 0;
  const std::size_t length_bytes = left <= 0x80 ? 1 : left <= 0x4001 ? 2 : left <= 0x200002 ? 3 : 4;
  const std::size_t filler = left > length_bytes ? left - length_bytes : 0;
  append_varint(payload, filler);
  payload.append(filler, 'x');
}

}  // namespace command_publisher
