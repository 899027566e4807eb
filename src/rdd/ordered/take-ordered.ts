import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { defineRddAction } from "../action.js";
import { compareNatural } from "../ordering.js";
import type { RDD } from "../rdd.js";

type Key = (element: unknown) => unknown;

/** The first `count` elements of what is offered, in order; of equal ones those that came first. */
class SmallestElements {
  private kept: { readonly element: unknown; readonly key: unknown }[] = [];

  constructor(
    private readonly count: number,
    private readonly descending: boolean,
    private readonly key: Key | undefined,
  ) {}

  offer(element: unknown): void {
    this.kept.push({ element, key: this.key ? this.key(element) : element });
    if (this.kept.length >= 2 * this.count + 64) this.cut();
  }

  finish(): unknown[] {
    this.cut();
    return this.kept.map(({ element }) => element);
  }

  private cut(): void {
    this.kept.sort(this.descending ? (a, b) => compareNatural(b.key, a.key) : (a, b) => compareNatural(a.key, b.key));
    if (this.kept.length > this.count) this.kept.length = this.count;
  }
}

interface Params {
  readonly count: number;
  readonly descending: boolean;
  readonly key: Closure | undefined;
}

defineRddAction<Params, unknown[]>({
  name: "rdd.takeOrdered",
  run(source, { count, descending, key }, { revive }) {
    const smallest = new SmallestElements(count, descending, key && revive<Key>(key));
    source.push((element) => {
      smallest.offer(element);
      return true;
    });
    return smallest.finish();
  },
});

/** The first or last `count` elements of the natural order, or of the order of their keys: each partition sends its own. */
export async function takeOrdered<T>(
  rdd: RDD<T>,
  count: number,
  descending: boolean,
  key?: (element: T) => unknown,
): Promise<T[]> {
  if (count <= 0) return [];
  const params: Params = { count, descending, key: key && captureClosure(key) };
  const merged = new SmallestElements(count, descending, key as Key | undefined);
  for (const part of await rdd.runAction<T[]>("rdd.takeOrdered", params))
    for (const element of part) merged.offer(element);
  return merged.finish() as T[];
}
