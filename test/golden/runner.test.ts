import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Json } from "./runner/case.js";
import { Comparison, Tolerance } from "./runner/compare.js";
import { discover } from "./runner/discover.js";
import { mutations } from "./runner/mutate.js";
import { selectList } from "./runner/stage.js";

const mismatches = (
  expected: Json,
  actual: Json,
  tolerance: number | { relative?: number; absolute?: number } = 1e-9,
) => {
  const comparison = new Comparison(Tolerance.of(tolerance));
  comparison.value("x", expected, actual);
  return comparison.mismatches.map(({ path }) => path);
};

describe("a comparison", () => {
  test("allows t * max(1, |b|)", () => {
    expect(mismatches([100, 0.5], [100.9, 0.509], 0.01)).toEqual([]);
    expect(mismatches([100, 0.5], [101.1, 0.511], 0.01)).toEqual(["x[0]", "x[1]"]);
  });
  test("allows absolute + relative * |b|", () => {
    expect(mismatches([100, 0], [101.4, 0.4], { relative: 0.01, absolute: 0.5 })).toEqual([]);
    expect(mismatches([100, 0], [101.6, 0.6], { relative: 0.01, absolute: 0.5 })).toEqual(["x[0]", "x[1]"]);
  });
  test("knows NaN and infinities", () => {
    expect(mismatches(["NaN", "Infinity"], ["NaN", "Infinity"])).toEqual([]);
    expect(mismatches(["NaN", "Infinity", 1], [1, "-Infinity", "NaN"])).toEqual(["x[0]", "x[1]", "x[2]"]);
  });
  test("sees types, lengths, missing and surplus keys", () => {
    expect(mismatches({ a: 1, b: "1" }, { a: "1", b: 1 })).toEqual(["x.a", "x.b"]);
    expect(mismatches([1, 2], [1])).toEqual(["x.length"]);
    expect(mismatches({ a: 1 }, {})).toEqual(["x.a"]);
    expect(mismatches({ a: 1 }, { a: 1, b: 2 })).toEqual(["x.b"]);
    expect(mismatches({ type: 1, values: [0] }, { type: 0, size: 1, indices: [], values: [] })).not.toEqual([]);
    expect(mismatches(null, 0)).toEqual(["x"]);
    expect(mismatches(true, 1)).toEqual(["x"]);
  });
});

test("every corruption of an expectation differs from it", () => {
  const facts: Json = { model: { a: [1, "NaN", null], b: { c: true, d: "text" } }, empty: [] };
  const wrong = mutations(facts);
  expect(wrong.length).toBeGreaterThan(9);
  for (const { value } of wrong) expect(mismatches(facts, value)).not.toEqual([]);
});

test("a select list is split at its own commas", () => {
  expect(selectList("SELECT *, CAST(a AS int) AS b, coalesce(a, 0) c FROM __THIS__")).toEqual([
    "*",
    "CAST(a AS int) AS b",
    "coalesce(a, 0) c",
  ]);
  expect(() => selectList("SELECT * FROM other")).toThrow(/without SQLTransformer/);
});

describe("discovery", () => {
  let folder = "";
  const put = (path: string, content: unknown): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kindling-discover-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const all = (...paths: string[]): string[] =>
    discover(paths.map((path) => join(folder, path))).map((f) =>
      f.kind === "case"
        ? `${f.className} ${f.spec.id}`
        : f.kind === "saved"
          ? `saved ${f.expected.class} ${f.directory.slice(folder.length)}`
          : f.kind,
    );

  test("finds golden files, errors, line files and saved models at any depth", () => {
    put("a/deep/PCA.json", {
      class: "PCA",
      cases: [
        { id: "one", expect: {} },
        { id: "two", expect: {} },
      ],
    });
    put("a/errors.json", { class: "errors", cases: [{ id: "bad", class: "IDF", expect: { error: "X" } }] });
    put("a/KMeans.jsonl", '{"id": "l", "expect": {}}\n');
    put("a/models/M.expect.json", { class: "M", sparkClass: "m" });
    put("a/models/M/metadata/part-00000", "{}");
    put("a/models/M/cases.json", { class: "M", cases: [{ id: "inside a model", expect: {} }] });
    put("a/unrelated.json", { classes: [] });
    put("a/broken-elsewhere.json", "{");
    const found = ["KMeans l", "IDF bad", "PCA one", "PCA two", "saved M /a/models/M"];
    expect(all("a").sort()).toEqual([...found].sort());
    expect(all("a/models/M")).toEqual(["saved M /a/models/M"]);
    expect(all("a/models/M.expect.json")).toEqual(["saved M /a/models/M"]);
    expect(all("a/deep/PCA.json")).toEqual(["PCA one", "PCA two"]);
  });

  test("a golden file that does not parse is found, so that it fails", () => {
    put("PCA.json", '{"class": "PCA", "cases": [{"id": "one", "expect": }');
    expect(all(".")).toEqual(["unreadable"]);
  });

  test("a path that does not exist is an error", () => expect(() => all("nowhere")).toThrow(/does not exist/));
});
