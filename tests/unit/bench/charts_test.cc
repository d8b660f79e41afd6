// Charts are looked at by people; what can be wrong without anybody seeing it is tested here.
#include <gmock/gmock.h>

#include <regex>

#include "bench/chart/columns.h"
#include "bench/chart/rows.h"

namespace pawl::bench {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;

/// The rectangles of a drawing but its background.
std::vector<Box> boxes(const Svg& svg) {
  static const std::regex rect{
      R"re(<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)")re"};
  const std::string file = svg.file();
  std::vector<Box> boxes;
  for (std::sregex_iterator at{file.begin(), file.end(), rect}, end; at != end; ++at) {
    boxes.push_back(
        {std::stod((*at)[1]), std::stod((*at)[2]), std::stod((*at)[3]), std::stod((*at)[4])});
  }
  boxes.erase(boxes.begin());
  return boxes;
}

TEST(ColumnsTest, HeightsAreInProportionAcrossGroups) {
  Svg svg{800, 400, "t"};
  draw_columns(svg,
               {0, 0, 800, 400},
               {{"a", {{.label = "1", .value = 25}, {.label = "2", .value = 50}}},
                {"b", {{.label = "3", .value = 100}}}},
               "commands/s");
  const auto bars = boxes(svg);
  ASSERT_EQ(bars.size(), 3);
  EXPECT_THAT(bars[1].height / bars[0].height, DoubleNear(2, 0.01));
  EXPECT_THAT(bars[2].height / bars[0].height, DoubleNear(4, 0.01));
  for (const Box& bar : bars) EXPECT_THAT(bar.bottom(), DoubleNear(bars[0].bottom(), 0.2));
}

TEST(ColumnsTest, ARangeAboveTheValuesStaysInside) {
  Svg svg{800, 400, "t"};
  draw_columns(svg,
               {0, 0, 800, 400},
               {{"a", {{.label = "1", .value = 80, .min = 70, .max = 130}}}},
               "commands/s");
  // 130 needs an axis up to 140: nothing is drawn above it.
  EXPECT_THAT(svg.file(), HasSubstr(">140</text>"));
}

TEST(RowsTest, PartsLieSideBySideOnTheCommonScale) {
  Svg svg{800, 100, "t"};
  draw_rows(
      svg,
      {0, 0, 800, 100},
      {{"whole", {{10, "red", ""}, {30, "blue", ""}}, "40"}, {"half", {{20, "red", ""}}, "20"}},
      100);
  const auto parts = boxes(svg);
  ASSERT_EQ(parts.size(), 3);
  EXPECT_THAT(parts[0].right(), DoubleNear(parts[1].x, 0.2));
  EXPECT_THAT(parts[1].width / parts[0].width, DoubleNear(3, 0.01));
  EXPECT_THAT(parts[2].width / parts[0].width, DoubleNear(2, 0.01));
  EXPECT_THAT(parts[2].x, DoubleNear(parts[0].x, 0.2));
}

TEST(RowsTest, ATextThatDoesNotFitIsLeftOut) {
  Svg svg{800, 100, "t"};
  draw_rows(svg, {0, 0, 800, 100}, {{"a", {{1, "red", "narrow"}, {999, "blue", "wide"}}, ""}}, 100);
  EXPECT_THAT(svg.file(), HasSubstr(">wide<"));
  EXPECT_THAT(svg.file(), testing::Not(HasSubstr(">narrow<")));
}

}  // namespace
}  // namespace pawl::bench
