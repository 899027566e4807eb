import { type Column, isValid } from "../../../columnar/index.js";
import {
  type AggregateFunction,
  defineFunction,
  doublesOf,
  DoublesAccumulator,
  GroupDoubles,
  takes,
  validityOf,
} from "../../expressions/index.js";
import { doubleType } from "../../types/index.js";

/** Count, mean and central moments up to an order, updated one value at a time (Meng, "Simpler Online Updates", 2015). */
class Moments extends DoublesAccumulator {
  constructor(
    private readonly order: 2 | 3 | 4,
    private readonly result: (n: number, m2: number, m3: number, m4: number) => number | null,
  ) {
    super(order + 1);
  }

  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    const { order } = this;
    const read = doublesOf(column);
    const [counts, means, m2s, m3s, m4s] = this.slots.map((slot) => slot.values);
    for (let i = 0; i < numRows; i++) {
      if (column.validity !== null && !isValid(column, i)) continue;
      const g = groupIds[i];
      const n = ++counts[g];
      const delta = read(i) - means[g];
      const deltaN = delta / n;
      means[g] += deltaN;
      const m2 = m2s[g] + delta * (delta - deltaN);
      if (order >= 3) {
        const m3 = m3s[g] - 3 * deltaN * m2 + delta * (delta * delta - deltaN * deltaN);
        if (order >= 4) {
          m4s[g] +=
            -4 * deltaN * m3 - 6 * deltaN * deltaN * m2 + delta * (delta * delta * delta - deltaN * deltaN * deltaN);
        }
        m3s[g] = m3;
      }
      m2s[g] = m2;
    }
  }

  protected mergeGroup(g: number, [n2, mean2, m2b, m3b, m4b]: readonly number[]): void {
    if (n2 === 0) return;
    const [counts, means, m2s, m3s, m4s] = this.slots.map((slot) => slot.values);
    const n1 = counts[g];
    const n = n1 + n2;
    const delta = mean2 - means[g];
    const deltaN = n === 0 ? 0 : delta / n;
    const m2a = m2s[g];
    if (this.order >= 4) {
      m4s[g] +=
        m4b +
        deltaN * deltaN * deltaN * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2) +
        6 * deltaN * deltaN * (n1 * n1 * m2b + n2 * n2 * m2a) +
        4 * deltaN * (n1 * m3b - n2 * m3s[g]);
    }
    if (this.order >= 3) {
      m3s[g] += m3b + deltaN * deltaN * delta * n1 * n2 * (n1 - n2) + 3 * deltaN * (n1 * m2b - n2 * m2a);
    }
    m2s[g] = m2a + m2b + delta * deltaN * n1 * n2;
    means[g] += deltaN * n2;
    counts[g] = n;
  }

  finish(): Column {
    const [counts, , m2s, m3s, m4s] = this.slots.map((slot) => slot.values);
    const results = new GroupDoubles();
    results.resize(this.size);
    const valid = new Uint8Array(this.size);
    for (let g = 0; g < this.size; g++) {
      const value = counts[g] === 0 ? null : this.result(counts[g], m2s[g], m3s?.[g], m4s?.[g]);
      if (value === null) continue;
      results.values[g] = value;
      valid[g] = 1;
    }
    return results.column(validityOf(this.size, (g) => valid[g] === 1));
  }
}

const moments = (
  names: readonly [string, ...string[]],
  doc: string,
  order: 2 | 3 | 4,
  result: (n: number, m2: number, m3: number, m4: number) => number | null,
): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names,
    doc,
    signature: takes([doubleType], doubleType),
    state: () => Array.from({ length: order + 1 }, () => doubleType),
    open: () => new Moments(order, result),
  });

export const stddevSamp = moments(["stddev", "std", "stddev_samp"], "Sample standard deviation.", 2, (n, m2) =>
  n === 1 ? null : Math.sqrt(m2 / (n - 1)),
);
export const stddevPop = moments(["stddev_pop"], "Population standard deviation.", 2, (n, m2) => Math.sqrt(m2 / n));
export const varSamp = moments(["variance", "var_samp"], "Sample variance.", 2, (n, m2) =>
  n === 1 ? null : m2 / (n - 1),
);
export const varPop = moments(["var_pop"], "Population variance.", 2, (n, m2) => m2 / n);
export const skewness = moments(["skewness"], "Skewness.", 3, (n, m2, m3) =>
  m2 === 0 ? null : (Math.sqrt(n) * m3) / Math.sqrt(m2 * m2 * m2),
);
export const kurtosis = moments(["kurtosis"], "Excess kurtosis.", 4, (n, m2, _, m4) =>
  m2 === 0 ? null : (n * m4) / (m2 * m2) - 3,
);
