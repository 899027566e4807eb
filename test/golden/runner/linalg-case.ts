import { Skipped, type GoldenCase, type Json } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import type { CaseContext } from "./fit-case.js";
import { fromGolden, toGolden } from "./values.js";
import type { Kindling, Loose } from "./api.js";

/** Operations of vectors and matrices: static calls (`Vectors.dense`) and methods, whose first argument is the object. */
export function runLinalgCase({ k }: CaseContext, spec: GoldenCase): Comparison {
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  const results = spec.expect.results as readonly Json[];
  spec.ops!.forEach(({ call, args }, i) => {
    const path = `results[${i}].${call}`;
    comparison.value(
      path,
      results[i],
      toGolden(
        k,
        apply(
          k,
          call,
          args.map((arg) => fromGolden(k, arg)),
        ),
      ),
    );
  });
  return comparison;
}

/** Python's `str` and `repr` are functions of the public API, since `toString` is Scala's. */
const pythonText: Readonly<Record<string, string>> = { str: "pythonStr", repr: "pythonRepr" };

function apply(k: Kindling, call: string, args: readonly unknown[]): unknown {
  const parts = call.split(".");
  const scala = parts[0] === "scala";
  const [owner, name] = scala ? parts.slice(1) : parts;
  if (name !== undefined) return invoke(k.api[owner], name, listed(name, args), scala);
  const [self, ...rest] = args;
  if (!scala && owner in pythonText) return k.api[pythonText[owner]](self);
  return invoke(self, owner, owner === "get" && Array.isArray(rest[0]) ? rest[0] : rest, scala);
}

/** Scala's varargs and sequences come one by one; the concatenations take an array. */
const listed = (name: string, args: readonly unknown[]): readonly unknown[] =>
  /^(horzcat|vertcat)$/.test(name) && !Array.isArray(args[0]) ? [args] : args;

function invoke(self: Loose, name: string, args: readonly unknown[], scala: boolean): unknown {
  const member = self?.[name];
  if (member === undefined) {
    if (scala) throw new Skipped(`${name} is Scala only`);
    throw new Error(`${self?.constructor?.name ?? typeof self} has no ${name}`);
  }
  return typeof member === "function" ? member.apply(self, args) : member;
}
