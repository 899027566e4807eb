import { EPSILON, rotationOf, SAFE_MINIMUM, smallerSingularValue, triangleSvd, withSign } from "./plane-rotations.js";

const MAX_SWEEPS = 6;

/**
 * Singular values of an upper bidiagonal matrix by implicit QR, LAPACK's DBDSQR (Demmel and Kahan, "Accurate singular
 * values of bidiagonal matrices", 1990), with its order of operations, so that vectors of a null space come out alike.
 * `d` becomes the values in descending order; the columns of the column-major `u` and `v` take part in the rotations from
 * the left and the right (their numbers of rows may be any).
 */
export function bidiagonalQr(d: Float64Array, e: Float64Array, u: Columns, v?: Columns): void {
  new BidiagonalQr(d, e, u, v).run();
}

/** A column-major matrix. */
export interface Columns {
  readonly rows: number;
  readonly values: Float64Array;
}

/** Rotates columns `i` and `i + 1`. */
export function rotateColumns({ rows, values }: Columns, i: number, cos: number, sin: number): void {
  if (cos === 1 && sin === 0) return;
  for (let k = 0, a = i * rows, b = (i + 1) * rows; k < rows; k++, a++, b++) {
    const next = values[b];
    values[b] = cos * next - sin * values[a];
    values[a] = sin * next + cos * values[a];
  }
}

/** Exchanges columns `i` and `j`. */
export function swapColumns({ rows, values }: Columns, i: number, j: number): void {
  for (let k = 0, a = i * rows, b = j * rows; k < rows; k++, a++, b++) [values[a], values[b]] = [values[b], values[a]];
}

class BidiagonalQr {
  private readonly n: number;
  private readonly tolerance: number;
  private readonly threshold: number;

  constructor(
    private readonly d: Float64Array,
    private readonly e: Float64Array,
    private readonly u: Columns,
    private readonly v: Columns | undefined,
  ) {
    this.n = d.length;
    this.tolerance = Math.max(10, Math.min(100, EPSILON ** -0.125)) * EPSILON;
    let least = Math.abs(d[0]);
    let mu = least;
    for (let i = 1; i < this.n && least !== 0; i++) {
      mu = Math.abs(d[i]) * (mu / (mu + Math.abs(e[i - 1])));
      least = Math.min(least, mu);
    }
    least /= Math.sqrt(this.n);
    this.threshold = Math.max(this.tolerance * least, MAX_SWEEPS * this.n * this.n * SAFE_MINIMUM);
  }

  run(): void {
    const { d, e, n, threshold } = this;
    let budget = MAX_SWEEPS * n * n;
    let [oldLow, oldHigh] = [-1, -1];
    let downwards = true;
    let high = n - 1;
    while (high > 0) {
      if (budget < 0) throw new RangeError("the singular value decomposition did not converge");
      // The last block e[low..high) without a negligible element.
      let low = high - 1;
      let largest = Math.abs(d[high]);
      while (low >= 0 && Math.abs(e[low]) > threshold) {
        largest = Math.max(largest, Math.abs(d[low]), Math.abs(e[low]));
        low--;
      }
      if (low >= 0) e[low] = 0;
      low++;
      if (low === high) {
        high--;
        continue;
      }
      if (low === high - 1) {
        this.solvePair(low);
        high -= 2;
        continue;
      }
      if (low > oldHigh || high < oldLow) downwards = Math.abs(d[low]) >= Math.abs(d[high]);
      const least = this.deflate(low, high, downwards);
      if (least === undefined) continue;
      [oldLow, oldHigh] = [low, high];
      const shift = this.shiftFor(low, high, downwards, least, largest);
      budget -= high - low;
      if (downwards) {
        if (shift === 0) this.sweepDown(low, high);
        else this.chaseDown(low, high, shift);
        if (Math.abs(e[high - 1]) <= threshold) e[high - 1] = 0;
      } else {
        if (shift === 0) this.sweepUp(low, high);
        else this.chaseUp(low, high, shift);
        if (Math.abs(e[low]) <= threshold) e[low] = 0;
      }
    }
    for (let i = 0; i < n; i++) if (d[i] < 0) this.negate(i);
    this.sort();
  }

  /** Zeroes an element that has converged (then undefined), else gives a lower bound of the singular values. */
  private deflate(low: number, high: number, downwards: boolean): number | undefined {
    const { d, e, tolerance } = this;
    const end = downwards ? high - 1 : low;
    if (Math.abs(e[end]) <= tolerance * Math.abs(downwards ? d[high] : d[low])) {
      e[end] = 0;
      return undefined;
    }
    let mu = Math.abs(downwards ? d[low] : d[high]);
    let least = mu;
    for (let step = 0; step < high - low; step++) {
      const i = downwards ? low + step : high - 1 - step;
      if (Math.abs(e[i]) <= tolerance * mu) {
        e[i] = 0;
        return undefined;
      }
      mu = Math.abs(d[downwards ? i + 1 : i]) * (mu / (mu + Math.abs(e[i])));
      least = Math.min(least, mu);
    }
    return least;
  }

  private shiftFor(low: number, high: number, downwards: boolean, least: number, largest: number): number {
    const { d, e, n, tolerance } = this;
    if (n * tolerance * (least / largest) <= Math.max(EPSILON, 0.01 * tolerance)) return 0;
    const start = Math.abs(downwards ? d[low] : d[high]);
    const shift = downwards
      ? smallerSingularValue(d[high - 1], e[high - 1], d[high])
      : smallerSingularValue(d[low], e[low], d[low + 1]);
    return start > 0 && (shift / start) * (shift / start) < EPSILON ? 0 : shift;
  }

  private solvePair(i: number): void {
    const { d, e } = this;
    const solved = triangleSvd(d[i], e[i], d[i + 1]);
    d[i] = solved.max;
    e[i] = 0;
    d[i + 1] = solved.min;
    this.rotate(i, solved.cosLeft, solved.sinLeft, solved.cosRight, solved.sinRight);
  }

  private rotate(i: number, cosLeft: number, sinLeft: number, cosRight: number, sinRight: number): void {
    rotateColumns(this.u, i, cosLeft, sinLeft);
    if (this.v) rotateColumns(this.v, i, cosRight, sinRight);
  }

  private sweepDown(low: number, high: number): void {
    const { d, e } = this;
    let [cos, sin] = [1, 0];
    let [oldCos, oldSin] = [1, 0];
    for (let i = low; i < high; i++) {
      const right = rotationOf(d[i] * cos, e[i]);
      [cos, sin] = [right.cos, right.sin];
      if (i > low) e[i - 1] = oldSin * right.r;
      const left = rotationOf(oldCos * right.r, d[i + 1] * sin);
      [oldCos, oldSin] = [left.cos, left.sin];
      d[i] = left.r;
      this.rotate(i, oldCos, oldSin, cos, sin);
    }
    const h = d[high] * cos;
    d[high] = h * oldCos;
    e[high - 1] = h * oldSin;
  }

  private sweepUp(low: number, high: number): void {
    const { d, e } = this;
    let [cos, sin] = [1, 0];
    let [oldCos, oldSin] = [1, 0];
    for (let i = high; i > low; i--) {
      const left = rotationOf(d[i] * cos, e[i - 1]);
      [cos, sin] = [left.cos, left.sin];
      if (i < high) e[i] = oldSin * left.r;
      const right = rotationOf(oldCos * left.r, d[i - 1] * sin);
      [oldCos, oldSin] = [right.cos, right.sin];
      d[i] = right.r;
      this.rotate(i - 1, cos, -sin, oldCos, -oldSin);
    }
    const h = d[low] * cos;
    d[low] = h * oldCos;
    e[low] = h * oldSin;
  }

  private chaseDown(low: number, high: number, shift: number): void {
    const { d, e } = this;
    let f = (Math.abs(d[low]) - shift) * (withSign(1, d[low]) + shift / d[low]);
    let g = e[low];
    for (let i = low; i < high; i++) {
      const right = rotationOf(f, g);
      if (i > low) e[i - 1] = right.r;
      f = right.cos * d[i] + right.sin * e[i];
      e[i] = right.cos * e[i] - right.sin * d[i];
      g = right.sin * d[i + 1];
      d[i + 1] = right.cos * d[i + 1];
      const left = rotationOf(f, g);
      d[i] = left.r;
      f = left.cos * e[i] + left.sin * d[i + 1];
      d[i + 1] = left.cos * d[i + 1] - left.sin * e[i];
      if (i < high - 1) {
        g = left.sin * e[i + 1];
        e[i + 1] = left.cos * e[i + 1];
      }
      this.rotate(i, left.cos, left.sin, right.cos, right.sin);
    }
    e[high - 1] = f;
  }

  private chaseUp(low: number, high: number, shift: number): void {
    const { d, e } = this;
    let f = (Math.abs(d[high]) - shift) * (withSign(1, d[high]) + shift / d[high]);
    let g = e[high - 1];
    for (let i = high; i > low; i--) {
      const left = rotationOf(f, g);
      if (i < high) e[i] = left.r;
      f = left.cos * d[i] + left.sin * e[i - 1];
      e[i - 1] = left.cos * e[i - 1] - left.sin * d[i];
      g = left.sin * d[i - 1];
      d[i - 1] = left.cos * d[i - 1];
      const right = rotationOf(f, g);
      d[i] = right.r;
      f = right.cos * e[i - 1] + right.sin * d[i - 1];
      d[i - 1] = right.cos * d[i - 1] - right.sin * e[i - 1];
      if (i > low + 1) {
        g = right.sin * e[i - 2];
        e[i - 2] = right.cos * e[i - 2];
      }
      this.rotate(i - 1, left.cos, -left.sin, right.cos, -right.sin);
    }
    e[low] = f;
  }

  private negate(i: number): void {
    this.d[i] = -this.d[i];
    if (!this.v) return;
    const { rows, values } = this.v;
    for (let k = i * rows; k < (i + 1) * rows; k++) values[k] = -values[k];
  }

  /** Descending order, one swap a vector. */
  private sort(): void {
    const { d, u, v, n } = this;
    for (let last = n - 1; last > 0; last--) {
      let least = 0;
      for (let j = 1; j <= last; j++) if (d[j] <= d[least]) least = j;
      if (least === last) continue;
      [d[least], d[last]] = [d[last], d[least]];
      swapColumns(u, least, last);
      if (v) swapColumns(v, least, last);
    }
  }
}
