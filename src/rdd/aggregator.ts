import type { ComputeInput } from "./operator.js";

/** How the values of a key become one combiner; registered by name, so that a shuffle ships only `name` and `params`. */
export interface AggregatorSpec {
  readonly name: string;
  readonly params?: unknown;
}

/** The functions of an aggregator on a worker. */
export interface Aggregator {
  create(value: unknown): unknown;
  merge(combiner: unknown, value: unknown): unknown;
  combine(left: unknown, right: unknown): unknown;
  /** Whether a combiner grows with every value, as a list does: its memory is then counted by values. */
  readonly grows?: boolean;
}

export interface AggregatorKind<P = unknown> {
  readonly name: string;
  open(params: P, revive: ComputeInput["revive"]): Aggregator;
}

const kinds = new Map<string, AggregatorKind<never>>();

/** Registers a kind of aggregator under its name and returns it. */
export function defineAggregator<P>(kind: AggregatorKind<P>): AggregatorKind<P> {
  kinds.set(kind.name, kind as unknown as AggregatorKind<never>);
  return kind;
}

export function openAggregator(spec: AggregatorSpec, revive: ComputeInput["revive"]): Aggregator {
  const kind = kinds.get(spec.name) as unknown as AggregatorKind | undefined;
  if (!kind) throw new Error(`no aggregator "${spec.name}" is registered`);
  return kind.open(spec.params, revive);
}

type Combine = (left: unknown, right: unknown) => unknown;

/** One function for values and combiners alike: `reduceByKey`. */
export const reduceAggregator = defineAggregator<{ readonly fn: unknown }>({
  name: "rdd.reduce",
  open({ fn }, revive) {
    const reduce = revive<Combine>(fn);
    return { create: (value) => value, merge: reduce, combine: reduce };
  },
});

/** Three functions: `combineByKey`. */
export const combineAggregator = defineAggregator<{
  readonly create: unknown;
  readonly merge: unknown;
  readonly combine: unknown;
}>({
  name: "rdd.combine",
  open: ({ create, merge, combine }, revive) => ({
    create: revive<(value: unknown) => unknown>(create),
    merge: revive<Combine>(merge),
    combine: revive<Combine>(combine),
  }),
});

/** Arrays of values: `groupByKey`. */
export const groupAggregator = defineAggregator<undefined>({
  name: "rdd.group",
  open: () => ({
    grows: true,
    create: (value) => [value],
    merge(group, value) {
      (group as unknown[]).push(value);
      return group;
    },
    combine(left, right) {
      for (const value of right as unknown[]) (left as unknown[]).push(value);
      return left;
    },
  }),
});
