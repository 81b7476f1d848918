#include "core/programs/snapshot.h"

#include <utility>
#include <vector>

#include "core/base/contract.h"
#include "core/programs/state_array.h"

namespace engram {
namespace {

class SnapshotVisitor final : public StateVisitor {
 public:
  SnapshotVisitor(absl::string_view path, int64_t step, Recorder& out)
      : path_(path), step_(step), out_(out) {}

  void State(absl::string_view path, StateArray array) override {
    if (path != path_) return;
    Write({array.type, array.order, std::move(array.shape),
           std::move(array.unit), array.bytes});
  }
  void Fixed(absl::string_view path, StateArray array) override {
    State(path, std::move(array));
  }
  void View(absl::string_view path, ElementType type, ArrayOrder order,
            std::vector<int64_t> shape, absl::string_view unit,
            std::function<void(std::span<std::byte>)> fill) override {
    if (path != path_) return;
    std::vector<std::byte> bytes(static_cast<size_t>(ByteSize(type, shape)));
    fill(bytes);
    Write({type, order, std::move(shape), std::string(unit), bytes});
  }

  bool found() const { return found_; }

 private:
  void Write(const ArrayView& array) {
    found_ = true;
    out_.Array(path_, step_, array);
  }

  absl::string_view path_;
  int64_t step_;
  Recorder& out_;
  bool found_ = false;
};

}  // namespace

void WriteSnapshot(Program& program, absl::string_view path, int64_t step,
                   Recorder& out) {
  SnapshotVisitor visitor(path, step, out);
  program.VisitState(visitor);
  ENGRAM_EXPECT(visitor.found());
}

}  // namespace engram
