#include "command_publisher/load_generator.h"

#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <utility>

namespace command_publisher {
namespace {

using pawl::Header;
using pawl::codec::Encoding;

constexpr std::string_view kCurrency = "EUR";
constexpr std::string_view kOpen = "ledger.v1.OpenAccount";
constexpr std::string_view kTransfer = "ledger.v1.TransferFunds";
constexpr std::string_view kCapture = "ledger.v1.CapturePayment";
constexpr std::string_view kClose = "ledger.v1.CloseMonth";
constexpr std::int64_t kFirstYear = 2000;
constexpr std::int64_t kLimit = 1'000'000'000'000'000;  // no load of small amounts uses this up
constexpr std::int64_t kAmountMax = 10'000;
// Duplicates come from so many commands: near ones meet their first inside a batch, far ones long
// after it.
constexpr std::size_t kNear = 100;

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

bool is_share(double share) {
  return share >= 0 && share <= 1;
}

LoadShape checked(LoadShape shape) {
  require(shape.accounts >= 2, "expected accounts to be at least 2: a transfer needs two");
  require(shape.first_account >= 1, "expected the first account to be at least 1");
  require(is_share(shape.captures) && is_share(shape.closings) && is_share(shape.duplicates) &&
              is_share(shape.rejections) && is_share(shape.garbage),
          "expected every share to be between 0 and 100 %");
  require(shape.captures + shape.closings + shape.duplicates + shape.rejections + shape.garbage <=
              1 + 1e-9,
          "expected captures, closings, duplicates, rejections and garbage to be 100 % at most "
          "together");
  require(shape.skew.zipf_exponent >= 0 && is_share(shape.skew.hot_share),
          "expected the skew to be an exponent of at least 0, or a share of at most 100 %");
  require(shape.skew.hot_share == 0 ||
              (shape.skew.hot_accounts >= 1 && shape.skew.hot_accounts <= shape.accounts),
          "expected the hot accounts to be at least 1 and at most all accounts");
  require(shape.remembered >= 1, "expected remembered to be at least 1");
  require(shape.payload_bytes <= (std::size_t{1} << 28U) - 1, "expected payloads below 256 MiB");
  return shape;
}

std::string_view content_type(Encoding encoding) {
  return encoding == Encoding::json ? "application/json" : "application/protobuf";
}

// Version 4 (RFC 9562 §5.4).
pawl::Uuid random_id(Random& random) {
  pawl::Uuid id;
  for (std::size_t i = 0; i < id.bytes.size(); i += 8) {
    const std::uint64_t word = random.next();
    for (std::size_t k = 0; k < 8; ++k)
      id.bytes.at(i + k) = static_cast<std::uint8_t>(word >> (8 * k));
  }
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x40U);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
  return id;
}

}  // namespace

LoadGenerator::LoadGenerator(LoadShape shape)
    : shape_(checked(std::move(shape))),
      accounts_to_open_(shape_.open_accounts ? shape_.accounts : 0),
      random_(shape_.seed),
      writer_(shape_.encoding, shape_.payload_bytes) {
  if (shape_.skew.zipf_exponent > 0) zipf_.emplace(shape_.accounts, shape_.skew.zipf_exponent);
}

GeneratedRecord LoadGenerator::next(pawl::WallTime now) {
  const Origin origin = draw(now);
  if (origin.kind == Kind::duplicate) {
    compose(earlier());
  } else {
    compose(origin);
    if (origin.kind != Kind::garbage) remember(origin);
  }
  ++counts_.by_kind.at(static_cast<std::size_t>(origin.kind));
  std::optional<std::string_view> value;
  if (!tombstone_) value = payload_;
  return {origin.kind, id_, key_, value, std::span{headers_}.first(header_count_)};
}

LoadGenerator::Origin LoadGenerator::draw(pawl::WallTime now) {
  Origin origin{.seed = random_.next(), .stamp_ms = now.time_since_epoch().count()};
  if (opening()) {
    origin.kind = Kind::open;
    origin.number = shape_.first_account + opened_++;
    return origin;
  }
  double point = random_.unit();
  const auto falls_into = [&point](double share) { return (point -= share) < 0; };
  if (falls_into(shape_.garbage)) {
    origin.kind = Kind::garbage;
  } else if (falls_into(shape_.duplicates)) {
    origin.kind = earlier_.empty() ? Kind::transfer : Kind::duplicate;
  } else if (falls_into(shape_.rejections)) {
    origin.kind = Kind::rejection;
  } else if (falls_into(shape_.captures)) {
    origin.kind = Kind::capture;
  } else if (falls_into(shape_.closings)) {
    origin.kind = Kind::closing;
    origin.number = closed_++;
  }
  return origin;
}

void LoadGenerator::remember(const Origin& origin) {
  if (shape_.duplicates == 0) return;
  if (earlier_.size() < shape_.remembered) {
    earlier_.push_back(origin);
    return;
  }
  earlier_[oldest_] = origin;
  oldest_ = (oldest_ + 1) % shape_.remembered;
}

const LoadGenerator::Origin& LoadGenerator::earlier() {
  const std::size_t count = earlier_.size();
  const bool near = (random_.next() & 1U) != 0 && count > kNear;
  const std::size_t back = 1 + random_.below(near ? kNear : count);
  return earlier_[(oldest_ + count - back) % count];
}

void LoadGenerator::compose(const Origin& origin) {
  Random random{origin.seed};
  tombstone_ = false;
  address(origin, random);
  switch (origin.kind) {
    case Kind::open:
      set_type(kOpen);
      set_key(origin.number);
      writer_.open_account(origin.number, kCurrency, kLimit, payload_);
      return;
    case Kind::transfer:
      return compose_transfer(random);
    case Kind::capture: {
      const std::int64_t into = account(random);
      set_type(kCapture);
      set_key(into);
      const auto amount = static_cast<std::int64_t>(1 + random.below(kAmountMax));
      writer_.capture("pay-" + id_text_, into, amount, kCurrency, payload_);
      return;
    }
    case Kind::closing:
      return compose_closing(origin.number);
    case Kind::rejection:
      return compose_rejection(random);
    case Kind::garbage:
      compose_transfer(random);
      return spoil(random);
    case Kind::duplicate:
      break;  // is composed from what it repeats
  }
  throw std::logic_error("a duplicate has no content of its own");
}

void LoadGenerator::compose_transfer(Random& random) {
  const std::int64_t debit = account(random);
  const std::int64_t credit = other_account(random, debit);
  const auto amount = static_cast<std::int64_t>(1 + random.below(kAmountMax));
  set_type(kTransfer);
  set_key(debit);
  const std::string invoice = fmt::format("invoice {}", random.below(100'000));
  writer_.transfer(
      debit, credit, amount, kCurrency, shape_.memo.empty() ? invoice : shape_.memo, payload_);
}

// Each account's months in order, so that none is closed already.
void LoadGenerator::compose_closing(std::int64_t number) {
  const std::int64_t account = shape_.first_account + number % shape_.accounts;
  const std::int64_t month = number / shape_.accounts;
  set_type(kClose);
  set_key(account);
  writer_.close_month(
      account, fmt::format("{:04}-{:02}", kFirstYear + month / 12, 1 + month % 12), payload_);
}

// Each breaks one rule, whatever the balances are.
void LoadGenerator::compose_rejection(Random& random) {
  const std::int64_t debit = account(random);
  const std::int64_t credit = other_account(random, debit);
  const std::int64_t nobody =
      shape_.first_account + shape_.accounts + static_cast<std::int64_t>(random.below(1'000'000));
  set_type(kTransfer);
  set_key(debit);
  const auto transfer = [&](std::int64_t to, std::int64_t amount, std::string_view currency) {
    writer_.transfer(debit, to, amount, currency, "to be rejected", payload_);
  };
  switch (random.below(5)) {
    case 0:
      return transfer(
          credit, std::numeric_limits<std::int64_t>::max() / 2, kCurrency);  // insufficient_funds
    case 1:
      return transfer(nobody, 1, kCurrency);  // account_not_found
    case 2:
      return transfer(debit, 1, kCurrency);  // same_account
    case 3:
      return transfer(credit, 1, "XTS");  // currency_mismatch
    default:
      return transfer(credit, 0, kCurrency);  // amount_not_positive
  }
}

// Turns a good record into one that no reader can make a command of.
void LoadGenerator::spoil(Random& random) {
  switch (random.below(5)) {
    case 0:
      payload_ =
          shape_.encoding == Encoding::json ? R"({"debitAccountId": )" : std::string(12, '\xFF');
      return;
    case 1:
      return set_type("ledger.v1.NoSuchCommand");
    case 2:
      header_count_ = 0;
      return;  // no CloudEvent
    case 3:
      tombstone_ = true;
      return;
    default:
      headers_[4].value = "text/plain";
      return;
  }
}

void LoadGenerator::address(const Origin& origin, Random& random) {
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  id_ = shape_.ids == IdKind::v7
            ? pawl::Uuid::v7(std::chrono::milliseconds{origin.stamp_ms}, high, low)
            : random_id(random);
  id_text_ = id_.to_string();
  headers_ = {Header{"ce_specversion", "1.0"},
              Header{"ce_id", id_text_},
              Header{"ce_source", shape_.source},
              Header{"ce_type", std::nullopt},
              Header{"content-type", content_type(shape_.encoding)}};
  header_count_ = headers_.size();
}

void LoadGenerator::set_key(std::int64_t account) {
  key_.clear();
  fmt::format_to(std::back_inserter(key_), "{}", account);
}

void LoadGenerator::set_type(std::string_view type) {
  type_.assign(type);
  headers_[3].value = type_;
}

std::int64_t LoadGenerator::account(Random& random) const {
  std::int64_t rank = 0;
  if (zipf_) {
    rank = zipf_->rank(random);
  } else {
    const bool hot = shape_.skew.hot_share > 0 && random.unit() < shape_.skew.hot_share;
    rank = static_cast<std::int64_t>(
        random.below(static_cast<std::uint64_t>(hot ? shape_.skew.hot_accounts : shape_.accounts)));
  }
  return shape_.first_account + rank;
}

std::int64_t LoadGenerator::other_account(Random& random, std::int64_t than) const {
  const std::int64_t drawn = account(random);
  if (drawn != than) return drawn;
  return shape_.first_account + (drawn - shape_.first_account + 1) % shape_.accounts;
}

}  // namespace command_publisher
