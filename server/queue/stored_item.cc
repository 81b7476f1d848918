#include "server/queue/stored_item.h"

#include "core/base/contract.h"

namespace engram {
namespace {

using store::v1::StoredItem;

// The numbers of the proto's enums are those of the core's, plus one.
template <class To, class From>
To Shifted(From value, int by) {
  return static_cast<To>(static_cast<int>(value) + by);
}

struct Store {
  StoredItem& out;

  void operator()(const RecordedPoint&) const {
    ENGRAM_EXPECT(false && "a point is stored in its series");
  }
  void operator()(const RecordedArray& array) const {
    out.mutable_array()->set_path(array.path);
    out.mutable_array()->set_step(array.step);
    *out.mutable_array()->mutable_manifest() = ToStored(array.manifest);
  }
  void operator()(const RecordedSpikes& spikes) const {
    auto& stored = *out.mutable_spikes();
    stored.set_population(spikes.population.name);
    stored.set_unit_count(spikes.population.units);
    stored.set_dt(spikes.population.dt);
    stored.mutable_steps()->Add(spikes.steps.begin(), spikes.steps.end());
    stored.mutable_units()->Add(spikes.units.begin(), spikes.units.end());
  }
  void operator()(const RecordedSummary& summary) const {
    auto& stored = *out.mutable_summary();
    stored.set_name(summary.name);
    stored.set_unit(summary.unit);
    stored.set_value(summary.value);
    stored.set_absent_reason(summary.absent_reason);
  }
  void operator()(const RecordedLog& log) const {
    out.mutable_log()->set_level(log.level);
    out.mutable_log()->set_text(log.text);
  }
};

RecordedSpikes Spikes(const store::v1::StoredSpikes& stored) {
  return {.population = {stored.population(), stored.unit_count(), stored.dt()},
          .steps = {stored.steps().begin(), stored.steps().end()},
          .units = {stored.units().begin(), stored.units().end()}};
}

}  // namespace

StoredItem ToStored(const RecordedItem& item) {
  StoredItem stored;
  std::visit(Store{stored}, item);
  return stored;
}

RecordedItem FromStored(const StoredItem& item) {
  switch (item.content_case()) {
    case StoredItem::kArray:
      return RecordedArray{item.array().path(), item.array().step(),
                           FromStored(item.array().manifest())};
    case StoredItem::kSpikes:
      return Spikes(item.spikes());
    case StoredItem::kSummary:
      return RecordedSummary{item.summary().name(), item.summary().unit(),
                             item.summary().value(),
                             item.summary().absent_reason()};
    case StoredItem::kLog:
      return RecordedLog{item.log().level(), item.log().text()};
    case StoredItem::kPoint:
    case StoredItem::CONTENT_NOT_SET:
      break;
  }
  ENGRAM_EXPECT(false && "a stored item of a known kind");
  return RecordedLog{};
}

store::v1::ArrayManifest ToStored(const RecordedManifest& manifest) {
  store::v1::ArrayManifest stored;
  stored.set_type(Shifted<store::v1::ElementType>(manifest.type, 1));
  stored.set_order(Shifted<store::v1::ArrayOrder>(manifest.order, 1));
  stored.mutable_shape()->Add(manifest.shape.begin(), manifest.shape.end());
  stored.set_unit(manifest.unit);
  for (const std::string& digest : manifest.chunks) stored.add_chunks(digest);
  stored.set_byte_size(manifest.byte_size);
  stored.set_digest(manifest.digest);
  return stored;
}

RecordedManifest FromStored(const store::v1::ArrayManifest& manifest) {
  return {.type = Shifted<ElementType>(manifest.type(), -1),
          .order = Shifted<ArrayOrder>(manifest.order(), -1),
          .shape = {manifest.shape().begin(), manifest.shape().end()},
          .unit = manifest.unit(),
          .chunks = {manifest.chunks().begin(), manifest.chunks().end()},
          .byte_size = manifest.byte_size(),
          .digest = manifest.digest()};
}

}  // namespace engram
