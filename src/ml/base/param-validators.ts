/** A condition on a param's value, with the text by which docs and contract tests know it. */
export interface ParamValidator<T> {
  /** e.g. `>=0`, `[0.0,1.0]`, `one of auto, binomial`. */
  readonly text: string;
  readonly accepts: (value: T) => boolean;
}

const number = (text: string, accepts: (value: number) => boolean): ParamValidator<number> => ({ text, accepts });

export const gt = (bound: number): ParamValidator<number> => number(`>${bound}`, (v) => v > bound);
export const gtEq = (bound: number): ParamValidator<number> => number(`>=${bound}`, (v) => v >= bound);
export const lt = (bound: number): ParamValidator<number> => number(`<${bound}`, (v) => v < bound);
export const ltEq = (bound: number): ParamValidator<number> => number(`<=${bound}`, (v) => v <= bound);

/** Between two bounds, both included unless said otherwise. */
export const inRange = (
  low: number,
  high: number,
  included: { readonly low?: boolean; readonly high?: boolean } = {},
): ParamValidator<number> => {
  const { low: withLow = true, high: withHigh = true } = included;
  return number(
    `${withLow ? "[" : "("}${low},${high}${withHigh ? "]" : ")"}`,
    (v) => (withLow ? v >= low : v > low) && (withHigh ? v <= high : v < high),
  );
};

/** One of the listed texts, compared exactly. */
export const oneOf = (...allowed: readonly string[]): ParamValidator<string> => ({
  text: `one of ${allowed.join(", ")}`,
  accepts: (value) => allowed.includes(value),
});

/** One of the listed texts in any case, as Spark compares `family`, `solver` or `metricName` of some stages. */
export const oneOfIgnoringCase = (...allowed: readonly string[]): ParamValidator<string> => {
  const lower = allowed.map((text) => text.toLowerCase());
  return {
    text: `one of ${allowed.join(", ")} (any case)`,
    accepts: (value) => lower.includes(value.toLowerCase()),
  };
};

/** At least so many elements. */
export const lengthAtLeast = (length: number): ParamValidator<readonly unknown[]> => ({
  text: `at least ${length} elements`,
  accepts: (values) => values.length >= length,
});

export const validWhen = <T>(text: string, accepts: (value: T) => boolean): ParamValidator<T> => ({ text, accepts });
