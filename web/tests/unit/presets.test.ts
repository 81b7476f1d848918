import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { PresetSchema } from "../../src/api/engram/v1/catalog_pb";
import { countedTags, found } from "../../src/views/presets/find";

const shelf = (
  [
    ["gates", "Gates of an LSTM", ["preset", "training", "long"]],
    ["parity", "The parity of two bits", ["preset", "training"]],
    ["brunel", "Four regimes", ["preset", "spiking"]],
  ] as const
).map(([name, title, tags]) => ({
  preset: create(PresetSchema, {
    name,
    title,
    notes: "As published.",
    tags: [...tags],
  }),
}));
const names = (words: string, tag = "") =>
  found(shelf, words, tag).map(({ preset }) => preset.name);

test("a preset is found by all of the words, wherever they stand", () => {
  expect(names("")).toEqual(["gates", "parity", "brunel"]);
  expect(names("  lstm ")).toEqual(["gates"]);
  expect(names("published SPIKING")).toEqual(["brunel"]);
  expect(names("lstm spiking")).toEqual([]);
});

test("and by a tag", () => {
  expect(names("", "training")).toEqual(["gates", "parity"]);
  expect(names("bits", "training")).toEqual(["parity"]);
  expect(names("", "train")).toEqual([]);
});

test("tags are counted, and the one of all presets is none", () => {
  expect(countedTags(shelf)).toEqual([
    { tag: "training", count: 2 },
    { tag: "long", count: 1 },
    { tag: "spiking", count: 1 },
  ]);
});
