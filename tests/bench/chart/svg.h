// An SVG drawing, element by element. Pure; what viewers need stands in the file itself.
#pragma once

#include <string>
#include <string_view>

namespace pawl::bench {

enum class Anchor { start, middle, end };

struct TextStyle {
  int size = 12;
  std::string_view color = "#1f2328";
  Anchor anchor = Anchor::start;
  bool bold = false;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;

  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
  [[nodiscard]] double middle() const { return x + width / 2; }
};

class Svg {
 public:
  /// `title` is what screen readers say. The drawing has a light background of its own, so that it
  /// can be read on any page.
  Svg(int width, int height, std::string_view title);

  /// `round`: radius of the corners.
  void rect(const Box& box, std::string_view color, double round = 0);
  void line(double x1, double y1, double x2, double y2, std::string_view color, double width = 1);
  void text(double x, double y, std::string_view text, const TextStyle& style = {});

  /// The whole file.
  [[nodiscard]] std::string file() const;

 private:
  int width_, height_;
  std::string title_;
  std::string elements_;
};

/// With what XML reads as its own taken away.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace pawl::bench
