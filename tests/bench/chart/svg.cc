#include "bench/chart/svg.h"

#include <fmt/format.h>

namespace pawl::bench {
namespace {

constexpr const char* kFonts =
    "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif";

const char* to_string(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      return "end";
  }
  return "impossible";
}

// A tenth of a pixel is more than anybody sees.
std::string number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

Svg::Svg(int width, int height, std::string_view title)
    : width_(width), height_(height), title_(title) {}

void Svg::rect(const Box& box, std::string_view color, double round) {
  elements_ += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" fill="{}")",
                           number(box.x),
                           number(box.y),
                           number(box.width),
                           number(box.height),
                           color);
  if (round > 0) elements_ += fmt::format(R"( rx="{}")", number(round));
  elements_ += "/>\n";
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view color, double width) {
  elements_ +=
      fmt::format(R"(<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>)",
                  number(x1),
                  number(y1),
                  number(x2),
                  number(y2),
                  color,
                  number(width)) +
      "\n";
}

void Svg::text(double x, double y, std::string_view text, const TextStyle& style) {
  elements_ +=
      fmt::format(R"(<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}"{}>{}</text>)",
                  number(x),
                  number(y),
                  style.size,
                  style.color,
                  to_string(style.anchor),
                  style.bold ? R"( font-weight="600")" : "",
                  xml_escaped(text)) +
      "\n";
}

std::string Svg::file() const {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" font-family="{2}">
<title>{3}</title>
<rect x="0.5" y="0.5" width="{4}" height="{5}" rx="8" fill="#ffffff" stroke="#d1d9e0"/>
{6}</svg>
)",
      width_,
      height_,
      kFonts,
      xml_escaped(title_),
      width_ - 1,
      height_ - 1,
      elements_);
}

}  // namespace pawl::bench
