#include "pawl/core/record.h"

#include <cstring>
#include <stdexcept>
#include <utility>

namespace pawl {
namespace {

constexpr std::size_t kWord = sizeof(std::uint32_t);
constexpr std::uint32_t kNoValue = 1U << 31U;  // beside the end of a header's value

std::size_t size_of(const std::optional<std::string_view>& text) noexcept {
  return text ? text->size() : 0;
}

// Where `text` ends up when it is copied to `at`, which moves behind it.
std::optional<std::string_view> place(const std::optional<std::string_view>& text, char*& at) {
  if (!text) return std::nullopt;
  if (!text->empty()) std::memcpy(at, text->data(), text->size());
  return std::string_view{std::exchange(at, at + text->size()), text->size()};
}

}  // namespace

Record make_record(std::optional<std::string_view> key,
                   std::optional<std::string_view> value,
                   std::span<const Header> headers) {
  Record record;
  record.bytes = size_of(key) + size_of(value);
  for (const Header& header : headers) record.bytes += header.name.size() + size_of(header.value);
  if (record.bytes >= kNoValue) {
    throw std::length_error("a record has " + std::to_string(record.bytes) + " bytes");
  }
  const std::size_t words = 1 + 2 * headers.size();
  record.block_ =
      std::make_unique_for_overwrite<std::uint32_t[]>(words + (record.bytes + kWord - 1) / kWord);
  std::uint32_t* word = record.block_.get();
  char* const texts = reinterpret_cast<char*>(word + words);
  char* at = texts;
  *word++ = static_cast<std::uint32_t>(headers.size());
  for (const Header& header : headers) {
    place(header.name, at);
    *word++ = static_cast<std::uint32_t>(at - texts);
    place(header.value, at);
    *word++ = static_cast<std::uint32_t>(at - texts) | (header.value ? 0 : kNoValue);
  }
  record.key = place(key, at);
  record.value = place(value, at);
  return record;
}

std::optional<Header> Record::header_at(std::size_t index) const noexcept {
  if (!block_ || index >= block_[0]) return std::nullopt;
  const std::uint32_t* const ends = &block_[1];
  const char* const texts = reinterpret_cast<const char*>(ends + 2 * std::size_t{block_[0]});
  const std::uint32_t begin = index == 0 ? 0 : ends[2 * index - 1] & ~kNoValue;
  const std::uint32_t middle = ends[2 * index];
  const std::uint32_t end = ends[2 * index + 1];
  Header header{{texts + begin, middle - begin}, std::nullopt};
  if ((end & kNoValue) == 0) header.value = std::string_view{texts + middle, end - middle};
  return header;
}

std::vector<Header> headers_of(const Record& record) {
  std::vector<Header> headers;
  for (std::size_t i = 0; const auto header = record.header_at(i); ++i) headers.push_back(*header);
  return headers;
}

std::optional<Header> Record::header(std::string_view name) const noexcept {
  std::optional<Header> found;
  for (std::size_t i = 0; const auto header = header_at(i); ++i) {
    if (header->name == name) found = header;
  }
  return found;
}

}  // namespace pawl
