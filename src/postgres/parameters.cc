#include "pawl/postgres/parameters.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "pawl/postgres/network_order.h"
#include "pawl/postgres/oids.h"

namespace pawl::postgres {
namespace {

using std::chrono::microseconds;

// array_send/array_recv: dimensions, has-NULL flag, element type, then size and lower bound of the
// one dimension.
constexpr std::size_t kLength = sizeof(std::int32_t);
constexpr std::int32_t kNullLength = -1;
constexpr char kJsonbVersion = 1;

/// Makes room for `size` more bytes without clearing them first, and returns their place.
char* grow(std::string& buffer, std::size_t size) {
  const std::size_t begin = buffer.size();
  // Growing by half ahead: a batch's parameters come one column at a time.
  if (buffer.capacity() < begin + size)
    buffer.reserve(std::max(begin + size, buffer.capacity() * 2));
  buffer.resize_and_overwrite(begin + size, [](char*, std::size_t length) { return length; });
  return buffer.data() + begin;
}

char* put_head(char* to, std::size_t count, bool has_null, std::uint32_t element) {
  to = put<std::int32_t>(to, 1);
  to = put<std::int32_t>(to, has_null ? 1 : 0);
  to = put<std::uint32_t>(to, element);
  to = put<std::int32_t>(to, static_cast<std::int32_t>(count));
  return put<std::int32_t>(to, 1);
}

char* put_bytes(char* to, const void* from, std::size_t size) {
  if (size != 0) std::memcpy(to, from, size);
  return to + size;
}

char* put_value(char* to, std::int64_t value) {
  return put(to, value);
}
char* put_value(char* to, std::int32_t value) {
  return put(to, value);
}
char* put_value(char* to, std::int16_t value) {
  return put(to, value);
}
char* put_value(char* to, std::uint8_t value) {
  return *to = value != 0 ? 1 : 0, to + 1;
}
char* put_value(char* to, const Uuid& value) {
  return put_bytes(to, value.bytes.data(), 16);
}

template <typename T>
void append_fixed(std::string& buffer, std::span<const T> values, std::uint32_t element) {
  char* to = grow(buffer, kArrayHead + values.size() * (kLength + sizeof(T)));
  to = put_head(to, values.size(), false, element);
  for (const T& value : values) {
    to = put<std::int32_t>(to, sizeof(T));
    to = put_value(to, value);
  }
}

/// Values of any length; `prefix` bytes of kJsonbVersion stand before each.
template <typename T, typename View>
void append_variable(std::string& buffer,
                     std::span<const T> values,
                     std::uint32_t element,
                     std::size_t prefix,
                     View view_of) {
  std::size_t total = kArrayHead;
  bool has_null = false;
  for (const T& value : values) {
    const auto view = view_of(value);
    total += kLength + (view.data() ? prefix + view.size() : 0);
    has_null |= view.data() == nullptr;
  }
  char* to = put_head(grow(buffer, total), values.size(), has_null, element);
  for (const T& value : values) {
    const auto view = view_of(value);
    if (!view.data()) {
      to = put(to, kNullLength);
      continue;
    }
    to = put(to, static_cast<std::int32_t>(prefix + view.size()));
    if (prefix != 0) *to++ = kJsonbVersion;
    to = put_bytes(to, view.data(), view.size());
  }
}

/// A null data pointer stands for SQL NULL; an empty text has a pointer to nothing.
std::string_view view_of_optional(const std::optional<std::string_view>& value) {
  if (!value) return {};
  return value->data() ? *value : std::string_view{""};
}

std::string_view view_of_string(const std::string& value) {
  return value;
}

}  // namespace

void Parameters::finish(std::size_t begin, std::uint32_t type_oid) {
  const std::size_t length = buffer_.size() - begin;
  if (length > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::length_error("parameter $" + std::to_string(size() + 1) + " has " +
                            std::to_string(length) +
                            " bytes, more than PostgreSQL's 1 GB limit: send smaller batches");
  }
  begins_.push_back(begin);
  oids_.push_back(type_oid);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(1);
}

template <typename T>
void Parameters::add_scalar(const T& value, std::uint32_t type_oid) {
  const std::size_t begin = buffer_.size();
  put_value(grow(buffer_, sizeof(T)), value);
  finish(begin, type_oid);
}

void Parameters::add(std::int64_t value) {
  add_scalar(value, oid::kInt8);
}
void Parameters::add(std::int32_t value) {
  add_scalar(value, oid::kInt4);
}
void Parameters::add(std::int16_t value) {
  add_scalar(value, oid::kInt2);
}
void Parameters::add(bool value) {
  add_scalar(static_cast<std::uint8_t>(value), oid::kBool);
}
void Parameters::add(const Uuid& value) {
  add_scalar(value, oid::kUuid);
}

void Parameters::add(std::string_view value) {
  const std::size_t begin = buffer_.size();
  buffer_.append(value);
  finish(begin, oid::kText);
}

void Parameters::add(const char* value) {
  add(std::string_view{value});
}

void Parameters::add_bytes(std::string_view value) {
  const std::size_t begin = buffer_.size();
  buffer_.append(value);
  finish(begin, oid::kBytea);
}

void Parameters::add_null(std::uint32_t type_oid) {
  finish(buffer_.size(), type_oid);
  lengths_.back() = kNullLength;
}

template <typename T>
void Parameters::add_fixed_array(std::span<const T> values,
                                 std::uint32_t element_oid,
                                 std::uint32_t array_oid) {
  const std::size_t begin = buffer_.size();
  append_fixed(buffer_, values, element_oid);
  finish(begin, array_oid);
}

void Parameters::add_array(std::span<const std::int64_t> values) {
  add_fixed_array(values, oid::kInt8, oid::kInt8Array);
}
void Parameters::add_array(std::span<const std::int32_t> values) {
  add_fixed_array(values, oid::kInt4, oid::kInt4Array);
}
void Parameters::add_array(std::span<const std::int16_t> values) {
  add_fixed_array(values, oid::kInt2, oid::kInt2Array);
}
void Parameters::add_array(std::span<const std::uint8_t> values) {
  add_fixed_array(values, oid::kBool, oid::kBoolArray);
}
void Parameters::add_array(std::span<const Uuid> values) {
  add_fixed_array(values, oid::kUuid, oid::kUuidArray);
}

void Parameters::add_array(std::span<const std::string> values) {
  const std::size_t begin = buffer_.size();
  append_variable(buffer_, values, oid::kText, 0, view_of_string);
  finish(begin, oid::kTextArray);
}

void Parameters::add_text_array(std::span<const std::optional<std::string_view>> values) {
  const std::size_t begin = buffer_.size();
  append_variable(buffer_, values, oid::kText, 0, view_of_optional);
  finish(begin, oid::kTextArray);
}

void Parameters::add_bytes_array(std::span<const std::optional<std::string_view>> values) {
  const std::size_t begin = buffer_.size();
  append_variable(buffer_, values, oid::kBytea, 0, view_of_optional);
  finish(begin, oid::kByteaArray);
}

void Parameters::add_json_array(std::span<const std::optional<std::string_view>> values) {
  const std::size_t begin = buffer_.size();
  append_variable(buffer_, values, oid::kJsonb, sizeof kJsonbVersion, view_of_optional);
  finish(begin, oid::kJsonbArray);
}

void Parameters::add_time_array(std::span<const WallTime> values) {
  const auto unknown = static_cast<std::size_t>(std::ranges::count(values, WallTime{}));
  const std::size_t known = values.size() - unknown;
  const std::size_t begin = buffer_.size();
  char* to = grow(buffer_, kArrayHead + values.size() * kLength + known * sizeof(std::int64_t));
  to = put_head(to, values.size(), unknown != 0, oid::kTimestamptz);
  for (const WallTime value : values) {
    if (value == WallTime{}) {
      to = put(to, kNullLength);
      continue;
    }
    to = put<std::int32_t>(to, sizeof(std::int64_t));
    to = put(to, std::int64_t{microseconds{value - kPostgresEpoch}.count()});
  }
  finish(begin, oid::kTimestamptzArray);
}

void Parameters::clear() noexcept {
  buffer_.clear();
  begins_.clear();
  oids_.clear();
  lengths_.clear();
  formats_.clear();
}

int Parameters::size() const noexcept {
  return static_cast<int>(oids_.size());
}
std::size_t Parameters::bytes() const noexcept {
  return buffer_.size();
}

const std::uint32_t* Parameters::type_oids() const {
  return oids_.data();
}
const int* Parameters::lengths() const {
  return lengths_.data();
}
const int* Parameters::formats() const {
  return formats_.data();
}

const char* const* Parameters::values() const {
  pointers_.resize(begins_.size());
  for (std::size_t i = 0; i < begins_.size(); ++i) {
    pointers_[i] = lengths_[i] == kNullLength ? nullptr : buffer_.data() + begins_[i];
  }
  return pointers_.data();
}

}  // namespace pawl::postgres
