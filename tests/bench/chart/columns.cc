#include "bench/chart/columns.h"

#include <algorithm>

#include "bench/chart/colors.h"
#include "bench/chart/scale.h"

namespace pawl::bench {
namespace {

constexpr double kAxisWidth = 52;     // for the ticks' labels
constexpr double kLabelsHeight = 44;  // under the bars
constexpr double kGroupGap = 30;
constexpr double kBarShare = 0.62;  // of a column's width
constexpr double kBarMax = 54;
constexpr int kTicks = 5;

double highest(const std::vector<ColumnGroup>& groups) {
  double most = 0;
  for (const ColumnGroup& group : groups) {
    for (const Column& column : group.columns) most = std::max({most, column.value, column.max});
  }
  return most;
}

double column_width(const Box& plot, const std::vector<ColumnGroup>& groups) {
  std::size_t count = 0;
  for (const ColumnGroup& group : groups) count += group.columns.size();
  const double gaps = kGroupGap * (static_cast<double>(groups.size()) - 1);
  return (plot.width - gaps) / static_cast<double>(std::max<std::size_t>(count, 1));
}

void draw_column(Svg& svg, const Column& column, const Box& place, const Scale& scale) {
  const double width = std::min(kBarMax, place.width * kBarShare);
  const double top = scale.place(column.value);
  svg.rect({place.middle() - width / 2, top, width, place.bottom() - top},
           column.highlighted ? kStrong : kSoft,
           2);
  if (column.max > column.min) {
    svg.line(place.middle(),
             scale.place(column.min),
             place.middle(),
             scale.place(column.max),
             column.highlighted ? kSoft : kMuted,
             1.5);
  }
  svg.text(place.middle(),
           std::min(top, scale.place(std::max(column.value, column.max))) - 6,
           short_number(column.value),
           {.size = 12, .anchor = Anchor::middle, .bold = true});
  svg.text(place.middle(),
           place.bottom() + 17,
           column.label,
           {.size = 12, .anchor = Anchor::middle, .bold = column.highlighted});
}

}  // namespace

void draw_columns(Svg& svg,
                  const Box& box,
                  const std::vector<ColumnGroup>& groups,
                  std::string_view axis) {
  const Box plot{
      box.x + kAxisWidth, box.y + 18, box.width - kAxisWidth, box.height - 18 - kLabelsHeight};
  const auto ticks = ticks_up_to(highest(groups), kTicks);
  const Scale scale{ticks.back(), plot.bottom(), plot.y};
  svg.text(box.x, box.y, axis, {.size = 12, .color = kMuted});
  for (const double tick : ticks) {
    const double y = scale.place(tick);
    svg.line(plot.x, y, plot.right(), y, tick == 0 ? kAxis : kGrid);
    svg.text(plot.x - 8, y + 4, short_number(tick), {.color = kMuted, .anchor = Anchor::end});
  }
  const double width = column_width(plot, groups);
  double x = plot.x;
  for (const ColumnGroup& group : groups) {
    const double begin = x;
    for (const Column& column : group.columns) {
      draw_column(svg, column, {x, plot.y, width, plot.height}, scale);
      x += width;
    }
    svg.text((begin + x) / 2,
             plot.bottom() + 38,
             group.title,
             {.size = 12, .color = kMuted, .anchor = Anchor::middle});
    x += kGroupGap;
  }
}

}  // namespace pawl::bench
