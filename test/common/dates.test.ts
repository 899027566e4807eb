import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  DatePattern,
  formatDate,
  formatTimestamp,
  parseDate,
  parseTimestamp,
  timeZone,
} from "../../src/common/index.js";

interface Recorded {
  readonly texts: readonly string[];
  readonly parsed: Readonly<Record<string, readonly (string | null)[]>>;
  readonly micros: readonly string[];
  readonly formatted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
const url = new URL("../golden/sources/dates.json", import.meta.url);
const { texts, parsed, micros, formatted } = JSON.parse(readFileSync(url, "utf8")) as Recorded;

describe("timestamps as Spark reads and writes them", () => {
  test.each(Object.keys(parsed))("parsed in %s", (zone) => {
    const got = texts.map((text) => [text, parseTimestamp(text, timeZone(zone))?.toString() ?? null]);
    expect(got).toEqual(texts.map((text, i) => [text, parsed[zone][i]]));
  });

  test.each(Object.keys(formatted))("formatted in %s", (zone) => {
    for (const [pattern, expected] of Object.entries(formatted[zone])) {
      const got = micros.map((m) =>
        pattern === "cast"
          ? formatTimestamp(BigInt(m), timeZone(zone))
          : new DatePattern(pattern).format(BigInt(m), timeZone(zone)),
      );
      expect([pattern, ...got]).toEqual([pattern, ...expected]);
    }
  });

  test("dates", () => {
    expect(
      ["2024-02-29", "2023-02-29", "2024-2", "-0001-12-31", "+12345-01-01", " 1970-01-02T99 "].map(parseDate),
    ).toEqual([19_782, undefined, 19_754, -719_529, 3_789_391, 1]);
    expect([19_782, -719_529, 3_789_391].map(formatDate)).toEqual(["2024-02-29", "-0001-12-31", "+12345-01-01"]);
  });

  test("an unknown zone and an unknown pattern letter are Spark's errors", () => {
    expect(() => timeZone("Mars/Olympus")).toThrow("INVALID_TIMEZONE");
    expect(() => new DatePattern("yyyy-bb")).toThrow(/DATETIME_PATTERN/);
  });
});
