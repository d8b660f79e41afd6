// A running pawl-ledger as its operators see it: its log and its pages.
#pragma once

#include <string>
#include <string_view>

#include "support/process.h"

namespace pawl::test {

/// How often its log holds this text.
[[nodiscard]] std::size_t times_said(const Process& process, std::string_view text);
[[nodiscard]] inline bool says(const Process& process, std::string_view text) {
  return times_said(process, text) > 0;
}

/// A page of its admin listener, status line included ("HTTP/1.1 503 …"); empty before it listens.
[[nodiscard]] std::string page(const Process& ledger, const std::string& path);
[[nodiscard]] bool is_alive(const Process& ledger);
[[nodiscard]] bool is_ready(const Process& ledger);
/// The sum of all samples of a metric whose labels hold this text (`stage="claim"`).
[[nodiscard]] double metric(const Process& ledger,
                            const std::string& name,
                            std::string_view labels = "");

}  // namespace pawl::test
