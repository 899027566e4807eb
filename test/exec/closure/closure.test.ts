import * as path from "node:path";
import { Script } from "node:vm";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { captureClosure, reviveClosure } from "../../../src/exec/closure/index.js";
import { digest, shout } from "./helpers.js";

/** The function after a trip through structured clone, as a worker gets it. */
const shipped = <A extends unknown[], R>(fn: (...args: A) => R): ((...args: A) => R) =>
  reviveClosure(structuredClone(captureClosure(fn as (...args: never[]) => unknown))) as (...args: A) => R;

const rate = 3;
const scale = (y: number): number => y * rate;

describe("a shipped function", () => {
  it("keeps what it closes over, nested functions included", () => {
    const make = (k: number) => (x: number) => scale(x) + k;
    expect(shipped(make(7))(2)).toBe(13);
  });

  it("takes only what it uses of a crowded scope", () => {
    const socket = new Worker("", { eval: true });
    void socket.terminate();
    const limit = 4;
    const uses = (): unknown => socket;
    expect(shipped((x: number) => x < limit)(3)).toBe(true);
    expect(() => captureClosure(uses)).toThrow(/socket is an instance of Worker/);
  });

  it("carries maps, sets, dates, typed arrays, cycles and shared objects", () => {
    const map = new Map([["a", { n: 1 }]]);
    const node: { name: string; self?: unknown } = { name: "loop" };
    node.self = node;
    const values = Float64Array.of(1, 2);
    const when = new Date(0);
    const fn = shipped(() => [
      map.get("a")?.n,
      (node.self as typeof node).name,
      values[1],
      when.getTime(),
      new Set([rate]).has(3),
    ]);
    expect(fn()).toEqual([1, "loop", 2, 0, true]);
  });

  it("may call itself, and functions of other modules, and Node's own", () => {
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
    expect(shipped(factorial)(5)).toBe(120);
    expect(shipped((s: string) => shout(s))("a")).toBe("A!");
    expect(shipped(digest)("x")).toBe(digest("x"));
    expect(shipped((a: string) => path.basename(a))("/a/b.txt")).toBe("b.txt");
    const { max } = Math;
    expect(shipped((a: number) => max(a, rate))(1)).toBe(3);
  });

  it("may be a method, a generator, async, or have defaults", async () => {
    const holder = {
      plus(a: number, b = rate) {
        return a + b;
      },
    };
    expect(shipped(holder.plus)(1)).toBe(4);
    expect([
      ...shipped(function* (n: number) {
        for (let i = 0; i < n; i++) yield i * rate;
      })(3),
    ]).toEqual([0, 3, 6]);
    expect(await shipped(async (x: number) => scale(await x))(2)).toBe(6);
  });

  it("may use a class declared beside it", () => {
    class Point {
      constructor(readonly x: number) {}
      twice(): number {
        return this.x * 2;
      }
    }
    expect(shipped((x: number) => new Point(x).twice())(4)).toBe(8);
    const point = new Point(1);
    expect(shipped(() => [point.twice(), point instanceof Point])()).toEqual([2, true]);
  });

  it("is refused with the variable's name when it cannot travel", () => {
    const holder = {
      n: 1,
      read() {
        return () => this.n;
      },
    };
    expect(() => captureClosure(holder.read())).toThrow(/`this`/);
    const promise = Promise.resolve(1);
    expect(() => captureClosure(() => promise)).toThrow(/promise is an instance of Promise/);
    const nested = { list: [{ bad: Symbol("s") }] };
    expect(() => captureClosure(() => nested.list)).toThrow(/nested\.list\[0\]\.bad is a symbol|nested.*symbol/);
    const misspelt = new Script("(x) => x + notDefinedAnywhere").runInThisContext() as (x: number) => number;
    expect(() => captureClosure(misspelt)).toThrow(/notDefinedAnywhere is not defined/);
    expect(() => captureClosure(Math.max.bind(Math))).toThrow(/native or bound function; wrap the call/);
    expect(shipped(Math.max)(1, 2)).toBe(2);
  });

  it("runs nothing of the user's while it is captured", () => {
    const ran: string[] = [];
    const note = (what: string): string => {
      ran.push(what);
      return what;
    };
    class Watched {
      static get displayName(): string {
        return note("a static getter");
      }
      static toString(): string {
        return note("toString of a class");
      }
      readonly kept = 1;
      get [Symbol.toStringTag](): string {
        return note("toStringTag");
      }
      get tag(): string {
        return note("a getter of the prototype");
      }
      toJSON(): string {
        return note("toJSON");
      }
    }
    const watched = new Watched();
    const items = Object.assign(new Map([["a", 1]]), { toString: () => note("toString of a map") });
    const accessor = Object.defineProperty({}, "now", { enumerable: true, get: () => note("a getter") });
    const proxy = new Proxy(
      {},
      { get: () => note("a proxy"), getPrototypeOf: () => Object(note("a prototype")) as object },
    );
    const fn = Object.assign((): number => watched.kept + (items.get("a") ?? 0), { toString: () => note("toString") });
    expect(shipped(fn)()).toBe(2);
    expect(() => captureClosure(() => accessor)).toThrow(/accessor\.now is a getter/);
    expect(() => captureClosure(() => proxy)).toThrow(/proxy is a Proxy/);
    expect(ran).toEqual([]);
  });

  it("carries what was assigned to it, and the static fields of a class as they are now", () => {
    class Rates {
      static rate = 1;
      static of(x: number): number {
        return x * Rates.rate;
      }
    }
    Rates.rate = 5;
    const fn = Object.assign((x: number): number => x + fn.offset, { offset: 10 });
    expect(shipped(fn)(1)).toBe(11);
    expect(shipped((x: number) => Rates.of(x))(2)).toBe(10);
  });

  it("carries a large table as a whole, once, however often it is named", () => {
    const table = Array.from({ length: 200_000 }, (_, i) => i);
    const alias = { table };
    const wide = Object.fromEntries(table.slice(0, 100).map((i) => [`k${i}`, i]));
    const closure = captureClosure((i: number) => [table[i], alias.table === table, wide[`k${i}`]]);
    expect(closure.nodes.length).toBeLessThan(8);
    expect((reviveClosure(structuredClone(closure)) as (i: number) => unknown)(7)).toEqual([7, true, 7]);
  });

  it("sees the values of the moment it was shipped", () => {
    let count = 1;
    const fn = shipped(() => count);
    count = 2;
    expect(fn()).toBe(1);
    expect(count).toBe(2);
  });
});
