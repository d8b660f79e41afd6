// Lying bars, one under the other, each of one or more parts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/chart/svg.h"

namespace pawl::bench {

struct RowPart {
  double value = 0;
  std::string_view color;
  std::string text;  // inside, where it fits
};

struct Row {
  std::string label;  // left of the bar
  std::vector<RowPart> parts;
  std::string text;  // right of the bar
};

/// Draws the rows on a common scale that leaves room for the texts behind the longest one. The
/// labels take `label_width` of the box.
void draw_rows(Svg& svg, const Box& box, const std::vector<Row>& rows, double label_width);

/// Coloured squares with their names, in one line from (x, y).
struct LegendEntry {
  std::string_view color;
  std::string name;
};
void draw_legend(Svg& svg, double x, double y, const std::vector<LegendEntry>& entries);

}  // namespace pawl::bench
