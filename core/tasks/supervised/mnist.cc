// MNIST's digits, or other images in files of the same form: shown row by row
// or pixel by pixel, and named at the end.
//
// Source: LeCun, Bottou, Bengio and Haffner (1998), Proc. IEEE 86:2278-2324,
// doi:10.1109/5.726791.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/tasks/supervised/supervised_task.h"
#include "core/tasks/supervised/task_file.h"

namespace engram {
namespace {

struct Sizes {
  int64_t height, width, classes;
};

Sizes SizesOf(const Component& c) {
  return {c.Integer("height"), c.Integer("width"), c.Integer("classes")};
}

bool ByRows(const Component& c) { return c.Text("by") == "rows"; }

struct Examples {
  InputArray images;  // (count, height, width) of bytes
  std::vector<int32_t> labels;

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
  double Pixel(int64_t image, int64_t row, int64_t col) const {
    const std::vector<int64_t>& n = images.shape;
    const int64_t at = images.order == ArrayOrder::kRowMajor
                           ? (image * n[1] + row) * n[2] + col
                           : image + n[0] * (row + n[1] * col);
    return std::to_integer<int>(images.bytes[static_cast<size_t>(at)]) / 255.0;
  }
};

absl::StatusOr<InputArray> ReadImages(const Component& self,
                                      const std::string& parameter,
                                      const Inputs& inputs) {
  auto images = ReadTaskFile(self, parameter, inputs);
  if (!images.ok()) return images.status();
  const Sizes sizes = SizesOf(self);
  const std::vector<int64_t>& shape = images->shape;
  const bool fits = images->type == ElementType::kUint8 && shape.size() == 3 &&
                    shape[1] == sizes.height && shape[2] == sizes.width;
  if (fits) return images;
  return Misfit(
      self, parameter,
      absl::StrCat("is ", DescribeArray(*images), "; images are (count, ",
                   sizes.height, ", ", sizes.width,
                   ") of uint8, as MNIST's train-images-idx3-ubyte is: give "
                   "such a file, or set height and width"));
}

template <class T>
std::vector<int64_t> Whole(const InputArray& array) {
  std::vector<int64_t> numbers(array.bytes.size() / sizeof(T));
  for (size_t i = 0; i < numbers.size(); ++i) {
    T number;
    std::memcpy(&number, array.bytes.data() + i * sizeof(T), sizeof(T));
    numbers[i] = number;
  }
  return numbers;
}

// Empty for an array that is no vector of whole numbers.
std::vector<int64_t> WholeNumbers(const InputArray& array) {
  if (array.shape.size() != 1) return {};
  switch (array.type) {
    case ElementType::kUint8:
      return Whole<uint8_t>(array);
    case ElementType::kInt32:
      return Whole<int32_t>(array);
    case ElementType::kInt64:
      return Whole<int64_t>(array);
    case ElementType::kFloat32:
    case ElementType::kFloat64:
      break;
  }
  return {};
}

absl::StatusOr<std::vector<int32_t>> ReadLabels(const Component& self,
                                                const std::string& parameter,
                                                const Inputs& inputs) {
  const auto file = ReadTaskFile(self, parameter, inputs);
  if (!file.ok()) return file.status();
  const std::vector<int64_t> numbers = WholeNumbers(*file);
  if (numbers.empty()) {
    return Misfit(self, parameter,
                  absl::StrCat("is ", DescribeArray(*file),
                               "; labels are a vector of whole numbers, as "
                               "MNIST's train-labels-idx1-ubyte is"));
  }
  const int64_t classes = self.Integer("classes");
  std::vector<int32_t> labels;
  for (const int64_t label : numbers) {
    if (label < 0 || label >= classes) {
      return Misfit(
          self, parameter,
          absl::StrCat("says ", label, " of image ", labels.size(),
                       " (from 0), and labels are within [0, ", classes - 1,
                       "]; set classes if there are "
                       "more"));
    }
    labels.push_back(static_cast<int32_t>(label));
  }
  return labels;
}

absl::StatusOr<Examples> ReadExamples(const Component& self,
                                      const std::string& part,
                                      const Inputs& inputs) {
  auto images = ReadImages(self, part + "_images", inputs);
  if (!images.ok()) return images.status();
  auto labels = ReadLabels(self, part + "_labels", inputs);
  if (!labels.ok()) return labels.status();
  Examples examples{*std::move(images), *std::move(labels)};
  if (examples.images.shape[0] == examples.count()) return examples;
  return Misfit(self, part + "_labels",
                absl::StrCat("has ", examples.count(), " labels, and ", part,
                             "_images has ", examples.images.shape[0],
                             " images; give the two files of one set"));
}

class Mnist final : public SupervisedTask {
 public:
  Mnist(const Component& c, Examples training, Examples test)
      : by_rows_(ByRows(c)),
        sizes_(SizesOf(c)),
        shape_(ShapeOf(c)),
        examples_{std::move(training), std::move(test)} {}

  static TaskShape ShapeOf(const Component& c) {
    const Sizes sizes = SizesOf(c);
    return {.inputs = ByRows(c) ? sizes.width : 1, .outputs = sizes.classes};
  }
  static int64_t Steps(const Component& c, int64_t) {
    const Sizes sizes = SizesOf(c);
    return ByRows(c) ? sizes.height : sizes.height * sizes.width;
  }

  const TaskShape& shape() const override { return shape_; }
  int64_t trials(Part part) const override { return Of(part).count(); }
  BatchLength Length(const Stage&, Part, int64_t) const override {
    const int64_t steps =
        by_rows_ ? sizes_.height : sizes_.height * sizes_.width;
    return {steps, steps - 1};
  }

  void Fill(const Stage&, const TrialAddress& a,
            const TrialView& trial) const override {
    const Examples& examples = Of(a.part);
    const int64_t image = a.number % examples.count();
    for (int64_t row = 0; row < sizes_.height; ++row) {
      for (int64_t col = 0; col < sizes_.width; ++col) {
        const double x = examples.Pixel(image, row, col);
        if (by_rows_) {
          trial.SetInput(col, row, x);
        } else {
          trial.SetInput(0, row * sizes_.width + col, x);
        }
      }
    }
    trial.SetLabel(0, trial.steps - 1,
                   examples.labels[static_cast<size_t>(image)]);
  }

 private:
  const Examples& Of(Part part) const {
    return examples_[part == Part::kTraining ? 0 : 1];
  }

  bool by_rows_;
  Sizes sizes_;
  TaskShape shape_;
  std::array<Examples, 2> examples_;
};

absl::StatusOr<std::unique_ptr<SupervisedTask>> ReadMnist(
    const Component& c, const Inputs& inputs) {
  auto training = ReadExamples(c, "training", inputs);
  if (!training.ok()) return training.status();
  auto test = ReadExamples(c, "test", inputs);
  if (!test.ok()) return test.status();
  return std::make_unique<Mnist>(c, *std::move(training), *std::move(test));
}

}  // namespace

SupervisedTaskRow MnistRow() {
  return {
      .spec = {.kind = Kind::kSupervisedTask,
               .type = "mnist",
               .summary = "an image of an uploaded file is shown piece by "
                          "piece and named",
               .equation = "x = byte / 255",
               .reference = "doi:10.1109/5.726791",
               .parameters =
                   {Dataset("training_images", "train-images-idx3-ubyte"),
                    Dataset("training_labels", "train-labels-idx1-ubyte"),
                    Dataset("test_images", "t10k-images-idx3-ubyte"),
                    Dataset("test_labels", "t10k-labels-idx1-ubyte"),
                    Choice("by", "pixels", {"rows", "pixels"},
                           "a step is a row, or one pixel of a row after the "
                           "other"),
                    Integer("height", 28, 1, 4096, "rows of an image"),
                    Integer("width", 28, 1, 4096, "pixels of a row"),
                    Integer("classes", 10, 2, 100000,
                            "that labels tell apart")}},
      .shape = Mnist::ShapeOf,
      .most_steps = Mnist::Steps,
      .read = ReadMnist};
}

}  // namespace engram
