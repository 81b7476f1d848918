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
  TaskFile images;  // (count, height, width) of bytes
  std::vector<int32_t> labels;

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
  double Pixel(int64_t image, int64_t row, int64_t col) const {
    const std::vector<int64_t>& n = images.form.shape;
    const int64_t at = images.order == ArrayOrder::kRowMajor
                           ? (image * n[1] + row) * n[2] + col
                           : image + n[0] * (row + n[1] * col);
    return static_cast<uint8_t>(images.bytes[static_cast<size_t>(at)]) / 255.0;
  }
};

template <class T>
std::vector<int64_t> Whole(absl::string_view bytes) {
  std::vector<int64_t> numbers(bytes.size() / sizeof(T));
  for (size_t i = 0; i < numbers.size(); ++i) {
    T number;
    std::memcpy(&number, bytes.data() + i * sizeof(T), sizeof(T));
    numbers[i] = number;
  }
  return numbers;
}

bool IsWhole(const std::string& type) {
  return type == "uint8" || type == "int32" || type == "int64";
}

std::vector<int64_t> WholeNumbers(const TaskFile& file) {
  if (file.form.type == "uint8") return Whole<uint8_t>(file.bytes);
  if (file.form.type == "int32") return Whole<int32_t>(file.bytes);
  return Whole<int64_t>(file.bytes);
}

// Whether it can be the images of this component.
bool CheckImages(const Component& self, const std::string& parameter,
                 const InputForm& form, Faults& faults) {
  const Sizes sizes = SizesOf(self);
  if (form.type == "uint8" && form.shape.size() == 3 &&
      form.shape[1] == sizes.height && form.shape[2] == sizes.width) {
    return true;
  }
  faults.push_back(Misfit(
      self, parameter,
      absl::StrCat("is ", DescribeForm(form), "; images are (count, ",
                   sizes.height, ", ", sizes.width,
                   ") of uint8, as MNIST's train-images-idx3-ubyte is: give "
                   "such a file, or set height and width")));
  return false;
}

bool CheckLabels(const Component& self, const std::string& parameter,
                 const TaskFile& file, Faults& faults) {
  const bool are_labels = file.form.shape.size() == 1 &&
                          file.form.shape[0] > 0 && IsWhole(file.form.type);
  if (!are_labels) {
    faults.push_back(
        Misfit(self, parameter,
               absl::StrCat("is ", DescribeForm(file.form),
                            "; labels are a vector of whole numbers, as "
                            "MNIST's train-labels-idx1-ubyte is")));
    return false;
  }
  const int64_t classes = self.Integer("classes");
  const std::vector<int64_t> labels = WholeNumbers(file);
  const auto beyond = std::ranges::find_if(
      labels, [&](int64_t label) { return label < 0 || label >= classes; });
  if (beyond == labels.end()) return true;
  faults.push_back(Misfit(
      self, parameter,
      absl::StrCat("says ", *beyond, " of image ", beyond - labels.begin(),
                   " (from 0), and labels are within [0, ", classes - 1,
                   "]; set classes if there are more")));
  return true;
}

// One set, the images and labels of `part`, as far as they are known.
void CheckSet(const Component& self, const std::string& part,
              const TaskFiles& files, Faults& faults) {
  const auto images = files.find(part + "_images");
  const auto labels = files.find(part + "_labels");
  const bool has_images =
      images != files.end() &&
      CheckImages(self, images->first, images->second.form, faults);
  const bool has_labels =
      labels != files.end() &&
      CheckLabels(self, labels->first, labels->second, faults);
  if (!has_images || !has_labels) return;
  const int64_t images_count = images->second.form.shape[0];
  const int64_t labels_count = labels->second.form.shape[0];
  if (images_count == labels_count) return;
  faults.push_back(Misfit(
      self, labels->first,
      absl::StrCat("has ", labels_count, " labels, and ", part, "_images has ",
                   images_count, " images; give the two files of one set")));
}

void CheckSets(const Component& self, const TaskFiles& files, Faults& faults) {
  for (const char* part : {"training", "test"}) {
    CheckSet(self, part, files, faults);
  }
}

void CheckMnistFiles(const Component& self, const Resolver& resolver,
                     Faults& faults) {
  CheckSets(self, LookAtTaskFiles(self, resolver), faults);
}

Examples TakeExamples(const std::string& part, TaskFiles& files) {
  const std::vector<int64_t> labels = WholeNumbers(files.at(part + "_labels"));
  return {std::move(files.at(part + "_images")),
          {labels.begin(), labels.end()}};
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
  auto files = ReadTaskFiles(c, inputs);
  if (!files.ok()) return files.status();
  Faults faults;
  CheckSets(c, *files, faults);
  if (!faults.empty()) return StatusOf(c, faults);
  return std::make_unique<Mnist>(c, TakeExamples("training", *files),
                                 TakeExamples("test", *files));
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
      .read = ReadMnist,
      .check_files = CheckMnistFiles};
}

}  // namespace engram
