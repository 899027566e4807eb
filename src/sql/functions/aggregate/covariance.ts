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

/** Count, both means, co-moment and both second moments of pairs without nulls. */
class CoMoments extends DoublesAccumulator {
  constructor(private readonly result: (n: number, ck: number, mkX: number, mkY: number) => number | null) {
    super(6);
  }

  update(groupIds: Int32Array, [x, y]: readonly Column[], numRows: number): void {
    const readX = doublesOf(x);
    const readY = doublesOf(y);
    const [counts, meansX, meansY, cks, mkXs, mkYs] = this.slots.map((slot) => slot.values);
    for (let i = 0; i < numRows; i++) {
      if (!isValid(x, i) || !isValid(y, i)) continue;
      const g = groupIds[i];
      const n = ++counts[g];
      const dx = readX(i) - meansX[g];
      const dy = readY(i) - meansY[g];
      const dyN = dy / n;
      meansX[g] += dx / n;
      meansY[g] += dyN;
      cks[g] += dx * (dy - dyN);
      mkXs[g] += dx * (dx - dx / n);
      mkYs[g] += dy * (dy - dyN);
    }
  }

  protected mergeGroup(g: number, [n2, meanX, meanY, ck, mkX, mkY]: readonly number[]): void {
    if (n2 === 0) return;
    const [counts, meansX, meansY, cks, mkXs, mkYs] = this.slots.map((slot) => slot.values);
    const n1 = counts[g];
    const n = n1 + n2;
    const dx = meanX - meansX[g];
    const dy = meanY - meansY[g];
    const dxN = dx / n;
    const dyN = dy / n;
    cks[g] += ck + dx * dyN * n1 * n2;
    mkXs[g] += mkX + dx * dxN * n1 * n2;
    mkYs[g] += mkY + dy * dyN * n1 * n2;
    meansX[g] += dxN * n2;
    meansY[g] += dyN * n2;
    counts[g] = n;
  }

  finish(): Column {
    const [counts, , , cks, mkXs, mkYs] = this.slots.map((slot) => slot.values);
    const results = new GroupDoubles();
    results.resize(this.size);
    const valid = new Uint8Array(this.size);
    for (let g = 0; g < this.size; g++) {
      const value = counts[g] === 0 ? null : this.result(counts[g], cks[g], mkXs[g], mkYs[g]);
      if (value === null) continue;
      results.values[g] = value;
      valid[g] = 1;
    }
    return results.column(validityOf(this.size, (g) => valid[g] === 1));
  }
}

const coMoments = (
  name: string,
  doc: string,
  result: (n: number, ck: number, mkX: number, mkY: number) => number | null,
): AggregateFunction =>
  defineFunction<AggregateFunction>({
    kind: "aggregate",
    names: [name],
    doc,
    signature: takes([doubleType, doubleType], doubleType),
    state: () => Array.from({ length: 6 }, () => doubleType),
    open: () => new CoMoments(result),
  });

export const covarPop = coMoments("covar_pop", "Population covariance of two columns.", (n, ck) => ck / n);
export const covarSamp = coMoments("covar_samp", "Sample covariance of two columns.", (n, ck) =>
  n === 1 ? null : ck / (n - 1),
);
export const corr = coMoments("corr", "Pearson correlation of two columns.", (n, ck, mkX, mkY) =>
  n === 1 ? null : ck / Math.sqrt(mkX * mkY),
);
