// A vector of its own for every symbol, y = E x with x a vector that is 1 at
// one place: what a network of words begins with where its units are fewer than
// words.

#include "core/training/catalog.h"
#include "core/training/symbol_columns.h"

namespace engram {
namespace {

template <class Real>
class Embedding final : public Layer<Real> {
 public:
  Embedding(const Component& c, LayerPlace place)
      : Layer<Real>(place.weight_columns(), c.Integer("units"), {}) {
    const double bound = c.Real("bound");
    const int vectors = place.layout.Add({.name = place.prefix + "vectors",
                                          .rows = this->units(),
                                          .cols = this->inputs(),
                                          .low = -bound,
                                          .high = bound,
                                          .fan_in = this->inputs()});
    vectors_ = place.layout[vectors].offset;
  }

  bool is_memoryless() const override { return true; }
  void Prepare(const Real*, LayerCourse<Real>&) const override {}

  void Forward(const Real* parameters, const Real* inputs, int64_t begin,
               int64_t end, LayerCourse<Real>& course) const override {
    const int64_t n = this->units();
    TakeColumns(parameters + vectors_, n, inputs,
                course.samples * (end - begin),
                course.outputs.data() + n * course.samples * (begin + 1), n);
  }

  // Nothing lies below: a symbol has no error.
  void Backward(const Real*, const Real* inputs, int64_t begin, int64_t end,
                const Real* output_errors, LayerCourse<Real>& course,
                Real* gradient, Real*) const override {
    const int64_t n = this->units();
    AddToColumns(output_errors, n, inputs, course.samples * (end - begin),
                 gradient + vectors_, n);
  }

 private:
  int64_t vectors_ = 0;
};

}  // namespace

LayerRow EmbeddingRow() {
  return RowOfLayer<Embedding>(
      {.kind = Kind::kTrainedNetwork,
       .type = "embedding",
       .summary = "a vector of its own for every symbol; the first layer of a "
                  "stack that reads words",
       .equation = "y = E x, x: 1 at the place of the symbol, else 0",
       .parameters = {Integer("units", 200, 1, 100000, "numbers of a vector"),
                      Real("bound", "1", 0.1, 0, 1e6,
                           "vectors are drawn uniformly in +- this")}},
      LayerInputs::kSymbols);
}

}  // namespace engram
