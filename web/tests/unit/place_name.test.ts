import { expect, test } from "vitest";
import { slantOf } from "../../src/charts/place_name";

test("names are slanted where they do not fit beside each other", () => {
  const names = ["additive", "stdp_triplet_hippocampus"];
  expect(slantOf(names, 600)).toBe(0);
  const room = slantOf(names, 200);
  expect(room).toBeGreaterThan(50);
  // Those that are cut when slanted count whole where they are not.
  const long = ["vogels", "stdp_triplet_hippocampus_minimal"];
  expect(slantOf(long, 2 * 6.2 * 30)).toBeGreaterThan(50);
  expect(slantOf(long, 2 * 6.2 * 34)).toBe(0);
  // However long a name is, the figure stays a figure.
  expect(slantOf(["x".repeat(500), "y"], 200)).toBeLessThan(100);
  expect(slantOf(undefined, 10)).toBe(0);
});
