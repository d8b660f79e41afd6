#include "bench/chart/svg.h"

#include <gmock/gmock.h>

namespace pawl::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(SvgTest, TextIsEscapedWhereverItStands) {
  Svg svg{100, 50, "a < b"};
  svg.text(1, 2, R"(R&D "x" <y>)");
  EXPECT_THAT(svg.file(), HasSubstr("<title>a &lt; b</title>"));
  EXPECT_THAT(svg.file(), HasSubstr(">R&amp;D &quot;x&quot; &lt;y&gt;</text>"));
}

TEST(SvgTest, HasItsOwnBackgroundSoThatItCanBeReadOnADarkPage) {
  EXPECT_THAT((Svg{100, 50, "t"}.file()),
              HasSubstr(R"(<rect x="0.5" y="0.5" width="99" height="49" rx="8" fill="#ffffff")"));
}

TEST(SvgTest, NumbersAreAsShortAsASharpPictureAllows) {
  Svg svg{100, 50, "t"};
  svg.rect({.x = 10.04, .y = 1.0 / 3, .width = 20, .height = -0.01}, "red");
  EXPECT_THAT(svg.file(), HasSubstr(R"(<rect x="10" y="0.3" width="20" height="0" fill="red"/>)"));
}

TEST(SvgTest, ElementsComeInTheOrderInWhichTheyWereDrawn) {
  Svg svg{100, 50, "t"};
  svg.line(0, 0, 1, 1, "first");
  svg.rect({}, "second");
  EXPECT_LT(svg.file().find("first"), svg.file().find("second"));
  EXPECT_THAT(svg.file(), Not(HasSubstr("rx=\"0\"")));
}

}  // namespace
}  // namespace pawl::bench
