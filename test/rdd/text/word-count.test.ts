import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { captureClosure } from "../../../src/exec/closure/index.js";
import type { TaskContext } from "../../../src/exec/index.js";
import type { NodeSpec } from "../../../src/rdd/compute/node-spec.js";
import { countWords, wordCountOf } from "../../../src/rdd/text/word-count.js";
import { testContext } from "../test-context.js";

const directory = mkdtempSync(join(tmpdir(), "kindling-words-"));
afterAll(() => rmSync(directory, { recursive: true }));

function written(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** Words of all lengths around what lies in a slot by itself. */
const many = Array.from(
  { length: 4000 },
  (_, i) => `${"short".repeat(2).slice(0, i % 10)} w${(i * 7919) % 3001} ${"long".repeat(i % 9)} é${i % 5}  x`,
);
const files: Readonly<Record<string, string>> = {
  many: written("many.txt", many.join("\n")),
  ends: written("ends.txt", "\uFEFFa b\r\n\r\n a\rb \n\n"),
  empty: written("empty.txt", ""),
  // Truncated and stray bytes: different ones read alike.
  broken: written(
    "broken.txt",
    Buffer.from([97, 0xff, 32, 97, 0xfe, 32, 0xe2, 0x82, 32, 0xf0, 0x9f, 10, 97, 0xef, 0xbf, 0xbd]),
  ),
};

describe("a word count on bytes is the one on texts", () => {
  const sc = testContext();
  test.each(Object.entries(files))("%s", async (_, path) => {
    const lines = () => sc.textFile(path, 3);
    const onBytes = await lines()
      .flatMap((line) => line.split(" "))
      .map((word): [string, number] => [word, 1])
      .reduceByKey((a, b) => a + b, 3)
      .glom()
      .collect();
    const onTexts = await lines()
      .flatMap((line) => [...line.split(" ")])
      .map((word): [string, number] => [word, 1])
      .reduceByKey((a, b) => a + b, 3)
      .glom()
      .collect();
    expect(onBytes).toEqual(onTexts);
  });
});

type AnyFunction = (...args: never[]) => unknown;

function recognized(split: AnyFunction, pair: AnyFunction, sum: AnyFunction, cached = false) {
  const node = (operator: string, fn: AnyFunction | undefined, parent?: NodeSpec): NodeSpec => ({
    operator,
    params: fn && captureClosure(fn),
    split: { path: files.many, start: 0, length: 1e9 },
    partition: 0,
    inputs: parent ? [{ narrow: [parent] }] : [],
    ...(cached && operator === "rdd.flatMap" ? { cache: { id: "rdd_1_0", level: {} as never } } : {}),
  });
  const lines = node("rdd.same", undefined, node("rdd.textFile", undefined));
  const pairs = node("rdd.map", pair, node("rdd.flatMap", split, lines));
  return wordCountOf(pairs, { name: "rdd.reduce", params: { fn: captureClosure(sum) } });
}
/** A function of exactly this text. */
const fn = (text: string): AnyFunction => new Function(`return ${text}`)() as AnyFunction;

const split = fn('(line) => line.split(" ")');
const pair = fn("(word) => [word, 1]");
const sum = fn("(a, b) => a + b");

test("other names, quotes, separators and weights are recognized", () => {
  expect(recognized(split, pair, sum)).toMatchObject({ separator: 32, weight: 1 });
  expect(recognized(fn("$l=>$l.split( ',' )"), fn("w => [ w, 20 ]"), fn("(x,y)=>x+y"))).toMatchObject({
    separator: 44,
    weight: 20,
  });
  expect(recognized(fn('l => l.split("\\t")'), pair, sum)).toMatchObject({ separator: 9 });
});

test.each<[string, AnyFunction, AnyFunction, AnyFunction]>([
  ["a longer separator", fn('l => l.split("  ")'), pair, sum],
  ["no separator", fn('l => l.split("")'), pair, sum],
  ["another character", fn('l => l.split("é")'), pair, sum],
  ["an asynchronous one", fn('async  l => l.split(" ")'), pair, sum],
  ["a limit", fn('l => l.split(" ", 2)'), pair, sum],
  ["another variable", fn('l => globalThis.split(" ")'), pair, sum],
  ["a pattern", fn("l => l.split(/ /)"), pair, sum],
  ["other pairs", split, fn("w => [w, w.length]"), sum],
  ["fractions", split, fn("w => [w, 0.1]"), sum],
  ["another order", split, pair, fn("(a, b) => b + a")],
  ["the same twice", split, pair, fn("(a, b) => a + a")],
])("not recognized: %s", (_, ...functions) => {
  expect(recognized(...functions)).toBeUndefined();
});

test("a cached parent is read, not computed past", () => {
  expect(recognized(split, pair, sum, true)).toBeUndefined();
});

test("without memory words come several times, and their sums add up", () => {
  const task = {
    checkCancelled: () => undefined,
    memory: { acquire: () => false, release: () => undefined },
  } as unknown as TaskContext;
  const sums = new Map<string, number>();
  let calls = 0;
  countWords({ split: { path: files.many, start: 0, length: 1e9 }, separator: 32, weight: 2 }, task, (word, n) => {
    calls++;
    sums.set(word, (sums.get(word) ?? 0) + n);
  });
  const expected = new Map<string, number>();
  for (const word of many.flatMap((line) => line.split(" "))) expected.set(word, (expected.get(word) ?? 0) + 2);
  expect(sums).toEqual(expected);
  expect(calls).toBeGreaterThan(expected.size);
});
