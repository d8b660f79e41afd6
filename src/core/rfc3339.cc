#include "pawl/core/rfc3339.h"

#include <cstdint>

namespace pawl {
namespace {

void write_digits(char* at, int width, std::int64_t value) noexcept {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

std::string rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t of_day = (time - day).count();
  std::string text = "0000-00-00T00:00:00.000Z";
  write_digits(&text[0], 4, static_cast<int>(date.year()));
  write_digits(&text[5], 2, static_cast<unsigned>(date.month()));
  write_digits(&text[8], 2, static_cast<unsigned>(date.day()));
  write_digits(&text[11], 2, of_day / 3'600'000);
  write_digits(&text[14], 2, of_day / 60'000 % 60);
  write_digits(&text[17], 2, of_day / 1'000 % 60);
  write_digits(&text[20], 3, of_day % 1'000);
  return text;
}

}  // namespace pawl
