#include "core/analyses/similarity/assignment.h"

#include <limits>

#include "core/base/contract.h"

namespace engram {
namespace {

// Rows and columns are counted from 1 here; 0 stands for none.
class Assigner {
 public:
  explicit Assigner(const Array<double>& cost)
      : cost_(cost),
        n_(static_cast<size_t>(cost.rows())),
        of_row_(n_ + 1, 0),
        of_column_(n_ + 1, 0),
        row_at_(n_ + 1, 0),
        before_(n_ + 1, 0) {}

  std::vector<int64_t> Run() {
    for (size_t row = 1; row <= n_; ++row) Add(row);
    std::vector<int64_t> column(n_);
    for (size_t j = 1; j <= n_; ++j) {
      column[row_at_[j] - 1] = static_cast<int64_t>(j - 1);
    }
    return column;
  }

 private:
  // Gives `row` a column, along the cheapest path of exchanges.
  void Add(size_t row) {
    std::vector<double> slack(n_ + 1, std::numeric_limits<double>::max());
    std::vector<bool> seen(n_ + 1, false);
    row_at_[0] = row;
    size_t column = 0;
    do {
      seen[column] = true;
      column = Nearest(column, slack, seen);
    } while (row_at_[column] != 0);
    while (column != 0) {
      const size_t previous = before_[column];
      row_at_[column] = row_at_[previous];
      column = previous;
    }
  }

  // Moves the potentials so that one more column is reached without slack.
  size_t Nearest(size_t column, std::vector<double>& slack,
                 const std::vector<bool>& seen) {
    const size_t row = row_at_[column];
    double least = std::numeric_limits<double>::max();
    size_t nearest = 0;
    for (size_t j = 1; j <= n_; ++j) {
      if (seen[j]) continue;
      const double reduced =
          cost_(static_cast<int64_t>(row - 1), static_cast<int64_t>(j - 1)) -
          of_row_[row] - of_column_[j];
      if (reduced < slack[j]) {
        slack[j] = reduced;
        before_[j] = column;
      }
      if (slack[j] < least) {
        least = slack[j];
        nearest = j;
      }
    }
    for (size_t j = 0; j <= n_; ++j) {
      if (seen[j]) {
        of_row_[row_at_[j]] += least;
        of_column_[j] -= least;
      } else {
        slack[j] -= least;
      }
    }
    return nearest;
  }

  const Array<double>& cost_;
  size_t n_;
  std::vector<double> of_row_, of_column_;  // potentials
  std::vector<size_t> row_at_;              // of each column
  std::vector<size_t> before_;              // column before on the path
};

}  // namespace

std::vector<int64_t> CheapestAssignment(const Array<double>& cost) {
  ENGRAM_EXPECT(cost.rows() == cost.cols());
  return Assigner(cost).Run();
}

}  // namespace engram
