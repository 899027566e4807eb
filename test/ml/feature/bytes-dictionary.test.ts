import { describe, expect, test } from "vitest";
import { BytesDictionary } from "../../../src/ml/feature/bytes-dictionary.js";

describe("BytesDictionary", () => {
  test("numbers strings by first appearance", () => {
    const dictionary = BytesDictionary.of(["b", "", "b", "日本"]);
    expect(dictionary.texts()).toEqual(["b", "", "日本"]);
    expect(["b", "", "日本", "c"].map((text) => dictionary.findText(text))).toEqual([0, 1, 2, -1]);
  });

  test("grows", () => {
    const words = Array.from({ length: 5_000 }, (_, i) => `word-${i}`);
    const dictionary = BytesDictionary.of(words);
    expect(dictionary.size).toBe(5_000);
    expect(words.every((word, i) => dictionary.findText(word) === i)).toBe(true);
  });
});
