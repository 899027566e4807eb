import { describe, expect, it } from "vitest";
import { byteswap64, JavaRandom, XORShiftRandom } from "../../src/common/xorshift-random.js";

type Draws = [number, number, number, number, bigint, number, number, boolean, number, number, number];

// Recorded from Spark 4.3.0 on Java 17: nextInt(), nextInt(10), nextInt(1000003), nextInt(64), nextLong(), nextDouble(),
// nextFloat() (as Python prints it), nextBoolean(), three times nextGaussian().
const xorshift: Record<string, Draws> = {
  "42": [
    444206279,
    3,
    524690,
    42,
    -7830491269241310776n,
    0.26322809041172357,
    0.68114704,
    true,
    0.002312790420546033,
    0.0666200496666504,
    1.406299150311621,
  ],
  "1": [
    512468703,
    8,
    483784,
    20,
    3209399900856087452n,
    0.07684163905460906,
    0.4156844,
    true,
    0.8307714772204976,
    -0.9681255454704047,
    -0.9983120258629777,
  ],
  "-5": [
    -1091644208,
    3,
    926724,
    18,
    -6357722403823690258n,
    0.7980383424215645,
    0.32949495,
    false,
    0.5531847047898346,
    -0.33054291513020545,
    0.7236767387806292,
  ],
  "123456789012345": [
    -301464975,
    3,
    683306,
    17,
    310930925399715524n,
    0.895329874954369,
    0.24001265,
    true,
    -1.216400904689636,
    0.21531886080890852,
    0.36630309223068985,
  ],
};
const java: Record<string, Draws> = {
  "42": [
    -1170105035,
    3,
    206847,
    3,
    5694868678511409995n,
    0.27707849007413665,
    0.6655489,
    false,
    0.7712775326519722,
    -0.25089675133752143,
    -1.7534879738855944,
  ],
  "1": [
    -1155869325,
    8,
    639207,
    26,
    3831662765844904176n,
    0.3327170559595112,
    0.96775585,
    true,
    0.63847575097573,
    -0.15020446215665365,
    -0.9730277344207469,
  ],
  "-5": [
    1156638822,
    1,
    455802,
    21,
    7026268870879647858n,
    0.2873181586242609,
    0.34532338,
    false,
    -0.5161328436771948,
    0.324930003469218,
    -1.6649440907230812,
  ],
  "123456789012345": [
    -1421006947,
    4,
    600454,
    38,
    -2184844392376802456n,
    0.08654980253943012,
    0.8141773,
    false,
    0.6870668273689902,
    0.44095923083121724,
    -1.1908926099647894,
  ],
};

function check(random: XORShiftRandom | JavaRandom, expected: Draws): void {
  expect(random.nextInt()).toBe(expected[0]);
  expect(random.nextInt(10)).toBe(expected[1]);
  expect(random.nextInt(1000003)).toBe(expected[2]);
  expect(random.nextInt(64)).toBe(expected[3]);
  expect(random.nextLong()).toBe(expected[4]);
  expect(random.nextDouble()).toBe(expected[5]);
  expect(random.nextFloat()).toBeCloseTo(expected[6], 6);
  expect(random.nextBoolean()).toBe(expected[7]);
  for (const gaussian of expected.slice(8)) expect(random.nextGaussian()).toBeCloseTo(gaussian as number, 14);
}

describe("XORShiftRandom", () => {
  it.each(Object.entries(xorshift))("draws as Spark's for seed %s", (seed, expected) => {
    check(new XORShiftRandom(BigInt(seed)), expected);
  });

  it("starts again when it is seeded again", () => {
    const random = new XORShiftRandom(7);
    random.nextInt();
    random.setSeed(42);
    expect(random.nextInt()).toBe(xorshift["42"][0]);
  });
});

describe("JavaRandom", () => {
  it.each(Object.entries(java))("draws as java.util.Random for seed %s", (seed, expected) => {
    check(new JavaRandom(BigInt(seed)), expected);
  });

  it("refuses a bound that is not positive", () => {
    expect(() => new JavaRandom(1).nextInt(0)).toThrow(/bound must be positive/);
  });
});

describe("byteswap64", () => {
  it("mixes as scala.util.hashing.byteswap64", () => {
    expect(byteswap64(1234567890123n)).toBe(-5107638124088751157n);
    expect(byteswap64(-71234567890123n)).toBe(-6651997268780680184n);
  });
});
