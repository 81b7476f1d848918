// Presets by words and by tags.
import type { Preset } from "../../api/engram/v1/catalog_pb";

/** Those that have the tag, and each of the words somewhere. */
export function found<T extends { preset: Preset }>(
  all: readonly T[],
  words: string,
  tag: string,
): T[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ preset: { name, title, notes, tags } }) => {
    if (tag !== "" && !tags.includes(tag)) return false;
    const text = [name, title, notes, ...tags].join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/**
 * Every tag with the number of presets that have it, most of them first,
 * without that which all of them have.
 */
export function countedTags(
  all: readonly { preset: Preset }[],
): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { preset } of all)
    for (const tag of preset.tags)
      if (tag !== "preset") counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}
