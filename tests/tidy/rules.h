// The house rules: who may include whom, words that have a better replacement, lengths.
#pragma once

#include <vector>

#include "tidy/source_file.h"

namespace pawl::tidy {

/// Folders include downwards only; a foreign library is included by its one edge.
[[nodiscard]] std::vector<Fault> broken_include_rules(const SourceFile& file);

/// Banned words and calls, each with what to write instead.
[[nodiscard]] std::vector<Fault> broken_word_rules(const SourceFile& file);

/// Functions up to 60 lines, files up to 400. The exceptions are listed with the length they had;
/// they may shrink.
[[nodiscard]] std::vector<Fault> broken_length_rules(const SourceFile& file);

[[nodiscard]] std::vector<Fault> broken_rules(const SourceFile& file);

}  // namespace pawl::tidy
