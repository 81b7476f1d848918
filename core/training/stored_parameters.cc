#include "core/training/stored_parameters.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/programs/state_array.h"
#include "core/training/initial.h"

namespace engram {
namespace {

std::string PathOf(const ParameterMatrix& matrix) {
  return absl::StrCat("network.", matrix.name);
}

std::vector<int64_t> ShapeOfMatrix(const ParameterMatrix& matrix) {
  if (matrix.cols == 1) return {matrix.rows};
  return {matrix.rows, matrix.cols};
}

absl::Status CheckShape(const InputArray& array,
                        const ParameterMatrix& matrix) {
  const std::vector<int64_t> wanted = ShapeOfMatrix(matrix);
  const bool is_real = array.type == ElementType::kFloat64 ||
                       array.type == ElementType::kFloat32;
  if (is_real && array.order == ArrayOrder::kColumnMajor &&
      array.shape == wanted) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      PathOf(matrix), " has shape (", absl::StrJoin(array.shape, ", "), ") of ",
      std::string(ElementTypeName(array.type)), ", and the network takes (",
      absl::StrJoin(wanted, ", "), ") of reals"));
}

// Whether all of them are finite as a Real.
template <class T, class Real>
bool Copy(const InputArray& array, Real* values) {
  bool is_finite = true;
  for (size_t i = 0; i < array.bytes.size() / sizeof(T); ++i) {
    T value;
    std::memcpy(&value, array.bytes.data() + i * sizeof(T), sizeof(T));
    if (!(std::abs(value) <= std::numeric_limits<Real>::max())) {
      is_finite = false;
      continue;
    }
    values[i] = static_cast<Real>(value);
  }
  return is_finite;
}

// What an entry takes of the network.
std::vector<const ParameterMatrix*> TakenBy(const Component& entry,
                                            const Component& program,
                                            const ParameterLayout& layout) {
  std::vector<const ParameterMatrix*> taken;
  for (const ParameterMatrix& matrix : layout.matrices()) {
    if (InitialOf(program, matrix.name) == &entry) taken.push_back(&matrix);
  }
  return taken;
}

absl::Status Refuse(const absl::Status& status, const std::string& advice) {
  return absl::Status(
      status.code(), absl::StrCat(std::string(status.message()), "; ", advice));
}

// An item that a resolver has at hand as a whole.
class KnownInput final : public Inputs {
 public:
  KnownInput(const Resolver& resolver, const std::string& digest) {
    const std::optional<InputForm> form = resolver.Form(digest);
    if (!form.has_value()) return;
    for (const ElementType type :
         {ElementType::kFloat64, ElementType::kFloat32, ElementType::kInt64,
          ElementType::kInt32, ElementType::kUint8}) {
      if (form->type != ElementTypeName(type)) continue;
      const std::string bytes = resolver.FirstBytes(digest);
      is_whole_ = std::ssize(bytes) == ByteSize(type, form->shape);
      const auto span = std::as_bytes(std::span(bytes));
      array_ = {type,
                ArrayOrder::kColumnMajor,
                form->shape,
                {span.begin(), span.end()}};
    }
  }

  bool is_whole() const { return is_whole_; }
  absl::StatusOr<InputArray> Get(absl::string_view) const override {
    return array_;
  }

 private:
  InputArray array_;
  bool is_whole_ = false;
};

// One array is one parameter.
absl::Status CheckCount(const StoredInput& stored, size_t taken) {
  if (stored.is_state() || taken == 1) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "it is a single array, and ", taken, " parameters are taken from it"));
}

template <class Real>
absl::Status TakeEntry(const Component& entry, const Component& program,
                       const ParameterLayout& layout, const Inputs& inputs,
                       Real* parameters) {
  const auto taken = TakenBy(entry, program, layout);
  const absl::StatusOr<StoredInput> stored =
      StoredInput::Read(inputs, entry.Text("state"));
  if (!stored.ok()) {
    return Refuse(stored.status(),
                  "give state@final of a run of supervised_training");
  }
  const absl::Status count = CheckCount(*stored, taken.size());
  if (!count.ok()) {
    return Refuse(count,
                  "give state@final of that run, or name one parameter in of");
  }
  for (const ParameterMatrix* matrix : taken) {
    const absl::Status copied =
        CopyStored(*stored, *matrix, parameters + matrix->offset);
    if (copied.ok()) continue;
    return Refuse(copied,
                  absl::StrCat("give the network of the run that left it, or "
                               "take less: of names what is taken, and ",
                               matrix->name, " is drawn where it does not"));
  }
  return absl::OkStatus();
}

}  // namespace

template <class Real>
absl::Status CopyStored(const StoredInput& stored,
                        const ParameterMatrix& matrix, Real* values) {
  const absl::StatusOr<InputArray> array = stored.Find(PathOf(matrix));
  if (!array.ok()) return array.status();
  const absl::Status shape = CheckShape(*array, matrix);
  if (!shape.ok()) return shape;
  const bool is_finite = array->type == ElementType::kFloat64
                             ? Copy<double>(*array, values)
                             : Copy<float>(*array, values);
  if (is_finite) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(PathOf(matrix), " holds numbers that are not finite in ",
                   std::string(ElementTypeName(ElementTypeOf<Real>())),
                   "; the run diverged"));
}

template absl::Status CopyStored(const StoredInput&, const ParameterMatrix&,
                                 float*);
template absl::Status CopyStored(const StoredInput&, const ParameterMatrix&,
                                 double*);

template <class Real>
absl::Status TakeStored(const ParameterLayout& layout, const Component& program,
                        const Inputs& inputs, Real* parameters) {
  for (const Component& entry : program.Slots("initial")) {
    if (entry.type != kStoredParameters) continue;
    const absl::Status taken =
        TakeEntry(entry, program, layout, inputs, parameters);
    if (taken.ok()) continue;
    return absl::Status(
        taken.code(),
        absl::StrCat(entry.path, ".state: ", std::string(taken.message())));
  }
  return absl::OkStatus();
}

template absl::Status TakeStored(const ParameterLayout&, const Component&,
                                 const Inputs&, float*);
template absl::Status TakeStored(const ParameterLayout&, const Component&,
                                 const Inputs&, double*);

void CheckStored(const ParameterLayout& layout, const Component& program,
                 const Resolver& resolver, Faults& faults) {
  Array<float> single(layout.size());
  Array<double> wide(layout.size());
  for (const Component& entry : program.Slots("initial")) {
    if (entry.type != kStoredParameters) continue;
    const KnownInput known(resolver, entry.Text("state"));
    if (!known.is_whole()) continue;
    const absl::Status taken =
        program.Text("precision") == "single"
            ? TakeEntry(entry, program, layout, known, single.data())
            : TakeEntry(entry, program, layout, known, wide.data());
    if (taken.ok()) continue;
    faults.push_back({0, entry.path + ".state", std::string(taken.message())});
  }
}

ComponentSpec StoredParametersSpec() {
  ParameterSpec state;
  state.name = "state";
  state.type = ParameterType::kRecordItem;
  state.meaning =
      "what a run of supervised_training has left: k7m2q9xw4p/17/state@final; "
      "or a snapshot of the one parameter in of: "
      "k7m2q9xw4p/17/snapshots/network.tau@300";
  ParameterSpec of;
  of.name = "of";
  of.type = ParameterType::kText;
  of.list_rank = 1;
  of.default_value = Value(
      Value::List{Value(std::string(kLayers)), Value(std::string(kReadout))});
  of.meaning =
      "what is taken, of the same names and shapes there and here: layers (all "
      "but the readout), readout, layer_2, or names of parameters "
      "(recurrent_weights, tau); another entry that names a parameter itself "
      "goes before one that has its layer";
  return {.kind = Kind::kInitial,
          .type = kStoredParameters,
          .summary =
              "parameters begin as another run has left them, in place of "
              "being drawn; the optimizer's memory begins empty",
          .parameters = {state, of}};
}

}  // namespace engram
