import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { csvOptions } from "../../src/sources/csv/csv-options.js";
import { EMPTY, MISSING, RecordTokenizer, SCRATCH } from "../../src/sources/csv/record-tokenizer.js";
import { folder, lowerCase } from "./recorded.js";

interface Case {
  readonly options: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly perLine?: readonly ({ error: string } | readonly (readonly (string | null)[])[])[];
}
const { singleLine } = JSON.parse(readFileSync(join(folder, "csv-tokens.json"), "utf8")) as { singleLine: Case[] };

/** The row that Spark shows: three columns and the record when it has not three. */
function row(tokenizer: RecordTokenizer, line: string, { emptyValue }: Readonly<Record<string, string>>): unknown {
  const bytes = new TextEncoder().encode(line);
  try {
    tokenizer.tokenize(bytes, 0, bytes.length);
  } catch {
    return "error";
  }
  const values = Array.from({ length: Math.min(3, tokenizer.count) }, (_, k) => {
    const kind = tokenizer.kinds[k];
    if (kind === MISSING) return null;
    if (kind === EMPTY) return emptyValue ?? null;
    const from = kind === SCRATCH ? tokenizer.scratch : bytes;
    return new TextDecoder().decode(from.subarray(tokenizer.starts[k], tokenizer.ends[k]));
  });
  while (values.length < 3) values.push(null);
  return [...values, tokenizer.count === 3 ? null : line];
}

/** Lines on which Spark itself fails: univocity indexes before its buffer. */
const crashes = (expected: unknown, options: Readonly<Record<string, string>>): boolean =>
  expected === "error" && options.unescapedQuoteHandling !== "RAISE_ERROR";

describe("fields of random lines, as Spark cuts them", () => {
  for (const { options, lines, rows, perLine } of singleLine.filter((c) => !c.options.comment)) {
    test(JSON.stringify(options), () => {
      const tokenizer = new RecordTokenizer(csvOptions(lowerCase(options)), "none");
      const wrong = lines.flatMap((line, i) => {
        const recorded = rows ? rows[i] : perLine![i];
        const expected = rows ? recorded : "error" in recorded! ? "error" : (recorded as unknown[])[0];
        const got = row(tokenizer, line, options);
        return crashes(expected, options) || JSON.stringify(got) === JSON.stringify(expected)
          ? []
          : [{ line, expected, got }];
      });
      // Behind a stray quote, univocity loses and doubles characters when the separator has several; that is not copied.
      const allowed = (options.sep?.length ?? 1) > 1 ? wrong.filter(({ line }) => /(^|\|\|)".*"/.test(line)) : [];
      expect(wrong.filter((w) => !allowed.includes(w))).toEqual([]);
      expect(allowed.length).toBeLessThan(lines.length / 10);
    });
  }
});
