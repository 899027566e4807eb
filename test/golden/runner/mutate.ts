import { isObject, type Json } from "./case.js";

/** A corrupted copy of a recorded expectation and what was done to it. */
export interface Mutation {
  readonly path: string;
  readonly change: string;
  readonly value: Json;
}

/** Facts that no answer is compared with: they describe the recording. */
const notCompared = new Set(["itemsSortedWithin"]);

/** Paths to every leaf (number, string, boolean, null) and every key below a value. */
function places(value: Json, path: readonly (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) return value.flatMap((item, i) => places(item as Json, [...path, i]));
  if (!isObject(value)) return [[...path]];
  return Object.entries(value)
    .filter(([key]) => !notCompared.has(key))
    .flatMap(([key, item]) => [[...path, key], ...places(item, [...path, key])]);
}

/** All single corruptions: numbers moved, texts changed, flags flipped, keys renamed. */
export function mutations(expect: Json): Mutation[] {
  const unique = new Map(places(expect).map((place) => [JSON.stringify(place), place]));
  return [...unique.values()].flatMap((place) => {
    const leaf = at(expect, place);
    const path = place.join(".");
    const key = place[place.length - 1];
    const changes: Mutation[] = [];
    if (leaf === null || !isObject(leaf)) {
      const changed = corrupt(leaf);
      if (changed !== undefined)
        changes.push({
          path,
          change: `${JSON.stringify(leaf)} -> ${JSON.stringify(changed)}`,
          value: withValue(expect, place, changed),
        });
    }
    if (typeof key === "string") changes.push({ path, change: "key renamed", value: renamed(expect, place) });
    return changes;
  });
}

function corrupt(leaf: Json): Json | undefined {
  if (typeof leaf === "number") return leaf + Math.max(1, Math.abs(leaf) * 0.5);
  if (typeof leaf === "string") return leaf === "NaN" ? 12.5 : `${leaf}x`;
  if (typeof leaf === "boolean") return !leaf;
  if (leaf === null) return 7;
  return undefined;
}

const at = (value: Json, place: readonly (string | number)[]): Json =>
  place.reduce<Json>((node, key) => (node as Record<string | number, Json>)[key], value);

function withValue(value: Json, place: readonly (string | number)[], leaf: Json): Json {
  const copy = structuredClone(value) as Json;
  const owner = at(copy, place.slice(0, -1)) as Record<string | number, Json>;
  owner[place[place.length - 1]] = leaf;
  return copy;
}

function renamed(value: Json, place: readonly (string | number)[]): Json {
  const copy = structuredClone(value) as Json;
  const owner = at(copy, place.slice(0, -1)) as Record<string, Json>;
  const key = place[place.length - 1] as string;
  owner[`${key}X`] = owner[key];
  delete owner[key];
  return copy;
}
