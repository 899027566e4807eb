import { createHash } from "node:crypto";
import * as path from "node:path";
import { isMainThread } from "node:worker_threads";
import { DenseVector, type SparkSession, Vectors } from "../../../../src/index.js";
import { around } from "./cycle.js";
import { next } from "./late.js";
import double, { circular, fromHidden, Money } from "./library.js";
import * as library from "./library.js";

type Thunk = () => unknown;
/** A function that a worker runs, and what it gives there; or why it is refused. */
export type Case =
  readonly [name: string, fn: Thunk, expected: unknown] | readonly [name: string, fn: Thunk, refused: RegExp];

let ran = 0;
/** How many times code of this file has run that only workers may run. */
export const ranOnDriver = (): number => ran;

const rate = 3;
const scale = (x: number): number => x * rate;
const bytes = Buffer.from("kindling");
const settings = {
  rate: 2,
  scale(x: number): number {
    return x * this.rate;
  },
};
class Shape {
  static sides = 4;
  readonly side = 2;
  get area(): number {
    ran++;
    return this.side ** 2;
  }
  perimeter(): number {
    return this.side * Shape.sides;
  }
}
class Cube extends Shape {
  readonly name = "cube";
}
class Secret {
  #value = 1;
  reveal(): number {
    return this.#value;
  }
}
class Counter {
  count = 10;
  reader(): Thunk {
    return () => this.count;
  }
  copied(self: Counter = this): Thunk {
    return () => self.count;
  }
}
const loop: Thunk[] = [];
for (let i = 0; i < 3; i++) loop.push(() => i);
const cube = new Cube();
const secret = new Secret();
const money = new Money(7);
const withGetter = {
  get now(): number {
    ran++;
    return 1;
  },
};
const proxy = new Proxy(
  {},
  {
    get(): number {
      ran++;
      return 1;
    },
  },
);
const bound = function (this: { a: number }): number {
  return this.a;
}.bind({ a: 1 });
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);
function* upTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i * rate;
}
const tagged = Symbol.for("kindling.case");
const labels = new Map([["a", { n: 1 }]]);

export const casesOf = (spark: SparkSession, now: number): readonly Case[] => [
  ["variables of the module and of a call", () => scale(2) + now - now, 6],
  ["never on the driver", () => isMainThread, false],
  ["a default, a named and a namespace import", () => [double(4), fromHidden(1), library.fromHidden(2)], [8, 6, 7]],
  ["a function of another file, passed as it is", fromHiddenOfOne, 6],
  ["modules that import each other", () => [circular(1), around()], [101, 101]],
  ["a module with a top-level await", () => next(), 42],
  [
    "modules of Node",
    () => [path.basename("/a/b.txt"), createHash("md5").update("x").digest("hex").length],
    ["b.txt", 32],
  ],
  ["exports of kindling", () => [Vectors.dense(1, 2).values[1], new DenseVector([1]).size], [2, 1]],
  [
    "an instance of a class beside it",
    () => [cube.perimeter(), cube instanceof Shape, cube.name, cube.area],
    [8, true, "cube", 4],
  ],
  ["an instance of an imported class", () => [money.plus(1).amount, money instanceof Money], [8, true]],
  ["a method that uses its object", () => settings.scale(5), 10],
  ["`this`, copied into a variable", new Counter().copied(), 10],
  ["variables of a loop", () => loop.map((f) => f()), [0, 1, 2]],
  ["functions that call themselves and each other", () => [factorial(5), isEven(10)], [120, true]],
  ["a generator", () => [...upTo(3)], [0, 3, 6]],
  ["defaults and destructuring", () => (({ a, b = rate }: { a: number; b?: number }) => a + b)({ a: 1 }), 4],
  [
    "bytes, maps, symbols",
    () => [bytes.toString(), labels.get("a")?.n, tagged === Symbol.for("kindling.case")],
    ["kindling", 1, true],
  ],
  ["globals that the program made", () => (globalThis as { caseGlobal?: number }).caseGlobal ?? null, null],
  ["private fields", () => secret.reveal(), /secret is an instance of Secret, whose private #value cannot be read/],
  ["a getter", () => withGetter.now, /withGetter\.now is a getter/],
  ["a proxy", () => proxy, /proxy is a Proxy/],
  ["a bound function", () => bound(), /bound is a native or bound function; wrap the call/],
  ["`this` of the place", new Counter().reader(), /uses `this` of the place.*copy what it needs into a variable/],
  ["`import.meta`", () => import.meta.url, /uses `import\.meta`|cases\.ts/],
  ["a session", () => spark.version, /spark.*driver|CONTEXT_ONLY_VALID_ON_DRIVER/],
];

function fromHiddenOfOne(): number {
  return fromHidden(1);
}
