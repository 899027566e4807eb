import { checkCount, defineFunction, implicitCast, type ScalarFunction } from "../../expressions/index.js";
import { stringType } from "../../types/index.js";

type Side = "both" | "leading" | "trailing";

/** Takes characters of the set off an end; without a set, spaces. */
function trimmed(text: string, set: string, side: Side): string {
  const characters = [...text];
  const members = new Set(set);
  let start = 0;
  let end = characters.length;
  if (side !== "trailing") while (start < end && members.has(characters[start])) start++;
  if (side !== "leading") while (end > start && members.has(characters[end - 1])) end--;
  return characters.slice(start, end).join("");
}

const spaces: Readonly<Record<Side, RegExp>> = { both: /^ +| +$/g, leading: /^ +/, trailing: / +$/ };

/** With two arguments the characters to take off come first, as in SQL; `btrim` has them last. */
const trimming = (name: string, doc: string, side: Side, setFirst = true): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature(args, call) {
      checkCount(call, 1, 2);
      return { args: args.map((arg, i) => implicitCast(arg, stringType, call, i)), type: stringType };
    },
    eval: () => (first: string, second?: string) => {
      if (second === undefined) return first.replace(spaces[side], "");
      return setFirst ? trimmed(second, first, side) : trimmed(first, second, side);
    },
  });

export const trim = trimming("trim", "The text without spaces (or given characters) at both ends.", "both");
export const ltrim = trimming("ltrim", "The text without spaces (or given characters) at its start.", "leading");
export const rtrim = trimming("rtrim", "The text without spaces (or given characters) at its end.", "trailing");
export const btrim = trimming("btrim", "The text without spaces (or given characters) at both ends.", "both", false);
