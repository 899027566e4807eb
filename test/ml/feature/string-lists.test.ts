import { expect, test } from "vitest";
import { valueAt } from "../../../src/columnar/index.js";
import { StringLists } from "../../../src/ml/feature/string-lists.js";

test("StringLists builds lists of strings, drops trailing empty items and grows", () => {
  const lists = new StringLists(3, 1);
  const bytes = new TextEncoder().encode("spark");
  lists.pushBytes(bytes, 0, 2);
  lists.pushText("");
  lists.pushText("日本");
  lists.pushText("");
  lists.dropTrailingEmpty();
  lists.endRow();
  lists.endRow();
  for (let i = 0; i < 3_000; i++) lists.pushText(`item ${i}`);
  lists.pushNull();
  lists.endRow();
  const column = lists.finish();
  expect(valueAt(column, 0)).toEqual(["sp", "", "日本"]);
  expect(valueAt(column, 1)).toEqual([]);
  const items = valueAt(column, 2) as (string | null)[];
  expect(items.length).toBe(3_001);
  expect(items.slice(-2)).toEqual(["item 2999", null]);
});
