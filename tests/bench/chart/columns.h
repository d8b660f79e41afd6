// Groups of upright bars on one common axis: one setting varied in each group.
#pragma once

#include <string>
#include <vector>

#include "bench/chart/svg.h"

namespace pawl::bench {

struct Column {
  std::string label;
  double value = 0;
  double min = 0, max = 0;  // drawn as a whisker where they differ
  bool highlighted = false;
};

struct ColumnGroup {
  std::string title;  // under its labels
  std::vector<Column> columns;
};

/// Draws axis, grid, bars and labels into the box; every column is as wide as any other. `axis`
/// names the values and their unit.
void draw_columns(Svg& svg,
                  const Box& box,
                  const std::vector<ColumnGroup>& groups,
                  std::string_view axis);

}  // namespace pawl::bench
