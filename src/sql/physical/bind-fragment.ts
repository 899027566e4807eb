import type { StageOutput } from "../../exec/index.js";
import type { Fragment } from "./fragment.js";

/**
 * A fragment that reads what kept stages left. It lives on the driver only: each time a task starts, `bind` gives the plain
 * fragment that names the blocks present at that moment, so that an output which was lost and computed again is found.
 */
export interface LazyFragment extends Fragment {
  /** The stages it reads: made whole before a task that contains it starts. */
  readonly sources: readonly StageOutput[];
  bind(): Fragment;
  /** Executors on which its blocks lie, where it matters which one reads them. */
  locations?(): readonly string[];
}

const isFragment = (value: unknown): value is Fragment =>
  typeof value === "object" && value !== null && typeof (value as { op?: unknown }).op === "string";
const isLazy = (fragment: Fragment): fragment is LazyFragment =>
  typeof (fragment as { bind?: unknown }).bind === "function";

/** The same tree as plain data, with every lazy part replaced by what it stands for now. */
export function bindFragment(fragment: Fragment): Fragment {
  if (isLazy(fragment)) return bindFragment(fragment.bind());
  let bound: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(fragment)) {
    let next: unknown = value;
    if (isFragment(value)) next = bindFragment(value);
    else if (Array.isArray(value) && isFragment(value[0])) next = value.map(bindFragment);
    if (next !== value) (bound ??= { ...fragment })[key] = next;
  }
  return (bound as Fragment | undefined) ?? fragment;
}

/** Kept stages that some fragments read, each once. */
export function sourcesOf(fragments: readonly Fragment[]): StageOutput[] {
  const sources = new Set<StageOutput>();
  const visit = (fragment: Fragment): void => {
    if (isLazy(fragment)) return fragment.sources.forEach((source) => sources.add(source));
    for (const value of Object.values(fragment)) {
      if (isFragment(value)) visit(value);
      else if (Array.isArray(value) && isFragment(value[0])) value.forEach(visit);
    }
  };
  fragments.forEach(visit);
  return [...sources];
}

/** Executors that hold what a fragment reads. */
export function locationsOf(fragment: Fragment): readonly string[] {
  if (isLazy(fragment)) return fragment.locations?.() ?? [];
  for (const value of Object.values(fragment)) {
    const inputs = Array.isArray(value) ? value : [value];
    if (!isFragment(inputs[0])) continue;
    for (const input of inputs as Fragment[]) {
      const found = locationsOf(input);
      if (found.length > 0) return found;
    }
  }
  return [];
}
