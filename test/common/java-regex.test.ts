import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { JavaRegex } from "../../src/common/index.js";

interface Golden {
  readonly texts: readonly string[];
  readonly patterns: readonly (readonly [pattern: string, result: string])[];
}
const golden = JSON.parse(readFileSync(new URL("java-regex.golden.json", import.meta.url), "utf8")) as Golden;

/** Documented differences: a reference to a group that took no part, and Unicode blocks. */
const different = new Set(["(a)(b)?\\2", "\\p{InGreek}"]);

function describeMatches(pattern: string): string {
  let regex: JavaRegex;
  try {
    regex = new JavaRegex(pattern);
  } catch (error) {
    return `E ${(error as Error).message.split("\n")[0]}`;
  }
  return `M${golden.texts.map((text) => ` |${matchesIn(regex, text)}`).join("")}`;
}

function matchesIn(regex: JavaRegex, text: string): string {
  let out = "";
  for (const match of regex.findAll(text)) {
    out += ` ${match.start},${match.end}`;
    for (let g = 1; g <= regex.groupCount; g++) out += `:${match.group(g)?.length ?? "-"}`;
  }
  return `${out} s${regex.split(text).length}/${regex.split(text, -1).length}/${regex.split(text, 2).length}`;
}

describe("JavaRegex finds and splits as Java 17 does", () => {
  test.each(golden.patterns.filter(([pattern]) => !different.has(pattern)))("%s", (pattern, result) => {
    expect(describeMatches(pattern)).toBe(result);
  });
  test.each([...different])("%s still differs", (pattern) => {
    const recorded = golden.patterns.find(([known]) => known === pattern);
    expect(describeMatches(pattern)).not.toBe(recorded?.[1]);
  });
  test("names groups", () => {
    const regex = new JavaRegex("(?<year>\\d{4})-(?<month>\\d\\d)");
    expect(regex.find("on 2024-05-06")?.group(regex.names.get("month")!)).toBe("05");
  });
});
