#include "bench/chart/rows.h"

#include <algorithm>

#include "bench/chart/colors.h"
#include "bench/chart/scale.h"

namespace pawl::bench {
namespace {

constexpr double kTextWidth = 70;     // behind the longest bar
constexpr double kLetterWidth = 7.2;  // of 12 px type, rather too much
constexpr double kBarShare = 0.66;    // of a row's height

double length(const Row& row) {
  double sum = 0;
  for (const RowPart& part : row.parts) sum += part.value;
  return sum;
}

void draw_row(Svg& svg, const Row& row, const Box& place, const Scale& scale) {
  const double height = place.height * kBarShare;
  const double top = place.y + (place.height - height) / 2;
  const double baseline = place.y + place.height / 2 + 4;
  svg.text(scale.from - 10, baseline, row.label, {.anchor = Anchor::end});
  double begin = 0;
  for (const RowPart& part : row.parts) {
    const double x = scale.place(begin);
    const double width = scale.place(begin + part.value) - x;
    svg.rect({x, top, width, height}, part.color);
    if (static_cast<double>(part.text.size()) * kLetterWidth < width) {
      svg.text(x + width / 2, baseline, part.text, {.color = "#ffffff", .anchor = Anchor::middle});
    }
    begin += part.value;
  }
  svg.text(scale.place(begin) + 8, baseline, row.text, {.bold = true});
}

}  // namespace

void draw_rows(Svg& svg, const Box& box, const std::vector<Row>& rows, double label_width) {
  double most = 0;
  for (const Row& row : rows) most = std::max(most, length(row));
  const Scale scale{most > 0 ? most : 1, box.x + label_width, box.right() - kTextWidth};
  const double height = box.height / static_cast<double>(std::max<std::size_t>(rows.size(), 1));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = box.y + static_cast<double>(i) * height;
    draw_row(svg, rows[i], {box.x, y, box.width, height}, scale);
  }
  svg.line(scale.from, box.y, scale.from, box.bottom(), kAxis);
}

void draw_legend(Svg& svg, double x, double y, const std::vector<LegendEntry>& entries) {
  for (const LegendEntry& entry : entries) {
    svg.rect({x, y - 10, 12, 12}, entry.color, 2);
    svg.text(x + 18, y, entry.name, {.color = kMuted});
    x += 18 + static_cast<double>(entry.name.size()) * kLetterWidth + 18;
  }
}

}  // namespace pawl::bench
