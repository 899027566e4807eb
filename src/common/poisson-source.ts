import { Well19937c } from "./well19937c.js";

/** Poisson draws of one mean, number by number those of commons-math3's `PoissonDistribution`, which Spark samples with. */
export class PoissonSource {
  private readonly random: Well19937c;
  private readonly draw: () => number;

  constructor(mean: number, seed: bigint) {
    this.random = new Well19937c(BigInt.asIntN(64, seed));
    this.draw = mean < SMALL_MEAN ? () => this.drawSmall(mean) : this.largeMean(mean);
  }

  next(): number {
    return this.draw();
  }

  /** Knuth's product of uniform draws. */
  private drawSmall(mean: number): number {
    const limit = Math.exp(-mean);
    let n = 0;
    for (let product = 1; n < 1000 * mean; n++) {
      product *= this.random.nextDouble();
      if (product < limit) return n;
    }
    return n;
  }

  /** Rejection from a normal body with an exponential tail (Devroye, "Non-Uniform Random Variate Generation", X.3.5). */
  private largeMean(mean: number): () => number {
    const { random } = this;
    const lambda = Math.floor(mean);
    const fraction = mean - lambda;
    const logLambda = Math.log(lambda);
    const logFactorial = logFactorialOf(lambda);
    const delta = Math.sqrt(lambda * Math.log((32 * lambda) / Math.PI + 1));
    const width = 2 * lambda + delta;
    const body = Math.sqrt(Math.PI * width) * Math.exp(1 / (8 * lambda));
    const tail = (width / delta) * Math.exp((-delta * (1 + delta)) / width);
    const total = body + tail + 1;

    const integer = (): number => {
      for (;;) {
        const u = random.nextDouble();
        if (u > body / total + tail / total) return lambda;
        let x: number;
        let y: number;
        let v: number;
        if (u <= body / total) {
          const n = random.nextGaussian();
          x = n * Math.sqrt(lambda + delta / 2) - 0.5;
          if (x > delta || x < -lambda) continue;
          y = x < 0 ? Math.floor(x) : Math.ceil(x);
          v = -random.nextExponential() - (n * n) / 2 + 1 / (8 * lambda);
        } else {
          x = delta + (width / delta) * random.nextExponential();
          y = Math.ceil(x);
          v = -random.nextExponential() - (delta * (x + 1)) / width;
        }
        const t = (y * (y + 1)) / (2 * lambda);
        if (v < -t && x >= 0) return lambda + y;
        const upper = t * ((2 * y + 1) / (6 * lambda) - 1);
        const lower = upper - (t * t) / (3 * (lambda + (x < 0 ? y + 1 : 0)));
        if (v < lower) return lambda + y;
        if (v <= upper && v < y * logLambda - logFactorialOf(y + lambda) + logFactorial) return lambda + y;
      }
    };
    return () => {
      const extra = fraction < Number.MIN_VALUE ? 0 : this.drawSmall(fraction);
      return extra + integer();
    };
  }
}
const SMALL_MEAN = 40;

const logFactorials = [0, 0];
function logFactorialOf(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}
