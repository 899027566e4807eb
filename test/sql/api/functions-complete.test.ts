import { expect, it } from "vitest";
import { F } from "../../../src/index.js";
import { allFunctions, findFunction } from "../../../src/sql/expressions/index.js";

const camel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** What Column methods, casts or literals express instead. */
const elsewhere = new Set(
  "div and or not in if between getItem map boolean tinyint smallint int bigint float double string binary date timestamp decimal space".split(
    " ",
  ),
);
/** Helpers that are no SQL function of that name. */
const helpers = new Set(
  "asc ascNullsFirst ascNullsLast desc descNullsFirst descNullsLast broadcast callFunction col column countDistinct createMap expr lit negate sumDistinct udf".split(
    " ",
  ),
);

it("every registered function with a name is in F", () => {
  const missing = allFunctions()
    .filter(({ names }) => /^[a-z]/.test(names[0]) && !names.some((name) => elsewhere.has(name) || camel(name) in F))
    .map(({ names }) => names[0]);
  expect(missing).toEqual([]);
});

it("every function of F is registered", () => {
  expect(Object.keys(F).filter((name) => !helpers.has(name) && !findFunction(snake(name)))).toEqual([]);
});
