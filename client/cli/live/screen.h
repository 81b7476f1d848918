#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace engram::cli {

// Some lines of a terminal that are drawn again in place, without a flicker.
// The cursor is hidden meanwhile; what was drawn last stays.
class Screen {
 public:
  explicit Screen(std::ostream* out) : out_(out) {}
  ~Screen() { Release(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // `width` is the terminal's now: lines that were drawn on a wider one have
  // been broken by it since.
  void Draw(const std::vector<std::string>& lines, int width);

  // Shows the cursor again, below what was drawn.
  void Release();

 private:
  std::ostream* out_;
  bool drawing_ = false;
  std::vector<int> drawn_;  // cells of each line on the terminal
};

}  // namespace engram::cli
