import { types } from "node:util";
import type { AnyFunction, Capture } from "./capture.js";
import type { ClosureEntry, ClosureValue, ModuleReference } from "./closure-node.js";
import { functionSyntax } from "./function-syntax.js";
import { inspectFunction, type InspectedFunction, type ScopeVariable } from "./inspect-function.js";
import { knownValue, standardGlobals } from "./known-values.js";
import { type LoadedScript, loadedScript } from "./loaded-script.js";
import { builtinImportOf, exportedAs, exportOf, importOf } from "./module-reference.js";
import { dataProperty, isNamespace, nameOf, ownProperties } from "./own-properties.js";
import { portableClassOf } from "./portable-class.js";
import { refuseClosure } from "./refuse-closure.js";
import type { MemberUse } from "./syntax-walk.js";

/** A function or class: its text and the variables that it closes over, or the module that exports it. */
export function captureFunction(capture: Capture, fn: AnyFunction, path: string): ClosureValue {
  const text = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}$/.test(text)) {
    throw refuseClosure(path, "is a native or bound function; wrap the call in an arrow function");
  }
  const syntax = functionSyntax(fn);
  if (syntax.freeVariables.length > 0 || text.startsWith("class")) {
    const module = exportedAs(fn, nameOf(fn));
    if (module) return capture.add(fn, () => ({ kind: "module", module }));
  }
  if (syntax.usesOuterThis) {
    throw refuseClosure(
      path,
      "uses `this` of the place where it was written; copy what it needs into a variable first",
    );
  }
  if (syntax.usesOuterSuper) throw refuseClosure(path, "uses `super` of the object it was written in");
  if (syntax.usesImportMeta) {
    throw refuseClosure(path, "uses `import.meta`; read what it needs into a variable outside of it");
  }
  const imports = syntax.expression.includes("import(");
  const plain = syntax.freeVariables.length === 0 && !imports;
  const inspected = plain ? selfContained : inspectFunction(fn, new Set(syntax.freeVariables));
  const script = scriptWhereNeeded(inspected, imports);
  if (script?.native) throw refuseClosure(path, "is a function of Node's own that no module exports");
  return capture.add(fn, () => {
    const variables: ClosureEntry[] = [];
    for (const name of syntax.freeVariables) {
      const variable = inspected.variables.get(name) ?? parentClass(fn, name) ?? addedGlobal(name);
      if (variable) variables.push([name, captureVariable(capture, name, variable, syntax.members.get(name), script)]);
      else if (!(name in globalThis)) throw refuseClosure(name, "is not defined");
    }
    return {
      kind: "function",
      name: nameOf(fn),
      expression: syntax.expression,
      file: script?.url,
      variables,
      eager: syntax.eager,
      properties: capture.entries(givenProperties(fn), nameOf(fn)),
    };
  });
}

const selfContained: InspectedFunction = { scriptId: undefined, variables: new Map() };

/** Reading a script's text costs: only when a variable of the module might be an import, or the function imports by itself. */
function scriptWhereNeeded({ scriptId, variables }: InspectedFunction, always: boolean): LoadedScript | undefined {
  const needed = always || [...variables.values()].some(({ ofModule }) => ofModule);
  return needed && scriptId !== undefined ? loadedScript(scriptId) : undefined;
}

/** The class that a class extends: no scope holds the variable when only the `extends` read it. */
function parentClass(fn: AnyFunction, name: string): ScopeVariable | undefined {
  const parent: unknown = Object.getPrototypeOf(fn);
  return typeof parent === "function" && parent.name === name ? { value: parent, ofModule: false } : undefined;
}

function addedGlobal(name: string): ScopeVariable | undefined {
  if (standardGlobals.has(name)) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  return descriptor && "value" in descriptor ? { value: descriptor.value, ofModule: false } : undefined;
}

/** What was assigned to a function after it was made, and a class's static fields as they are now. */
const givenProperties = (fn: AnyFunction): readonly [string, unknown][] =>
  ownProperties(fn).data.filter(([key]) => key !== "prototype");

function captureVariable(
  capture: Capture,
  name: string,
  { value, ofModule }: ScopeVariable,
  use: MemberUse | undefined,
  script: LoadedScript | undefined,
): ClosureValue {
  const module = ofModule ? script : undefined;
  if (name === "require" && ofModule && script?.url !== undefined && typeof value === "function") {
    const parent = script.url;
    return capture.add(undefined, () => ({ kind: "require", parent }));
  }
  const ofRunner = ofModule && runnerNamespace.test(name);
  if (!isObject(value) || !use || (!ofRunner && (types.isProxy(value) || knownValue(value))))
    return byNameOrValue(capture, name, value, module, name);
  const imported = module && importOf(module, name);
  if (imported?.preferred) return byNameOrValue(capture, name, value, module, name);
  const namespace = ofRunner || isNamespace(value);
  const plain = [null, Object.prototype].includes(Object.getPrototypeOf(value) as never) && !use.called;
  if (!namespace && !plain) return byNameOrValue(capture, name, value, module, name);
  // Of a namespace or plain object of which only properties are read, only those travel.
  const entries = [...use.names].map((key): ClosureEntry => {
    const member = namespace ? (value as Readonly<Record<string, unknown>>)[key] : plainMember(value, name, key);
    return [key, byNameOrValue(capture, `${name}.${key}`, member, module, name, key)];
  });
  return capture.add(undefined, () => ({ kind: "object", bare: false, entries }));
}

/** What vite calls the namespaces of imported modules; some of them are proxies of its own. */
const runnerNamespace = /^__vi(te_ssr)?_import_\d+__$/;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function plainMember(holder: object, name: string, key: string): unknown {
  const getter = Object.getOwnPropertyDescriptor(holder, key)?.get;
  if (getter) throw refuseClosure(`${name}.${key}`, "is a getter, which would have to run to be copied");
  return dataProperty(holder, key);
}

/**
 * A variable of the module, or a member of one: by the name under which a worker finds it where it was imported, else by value, else
 * by the name under which its module exports it.
 */
function byNameOrValue(
  capture: Capture,
  path: string,
  value: unknown,
  script: LoadedScript | undefined,
  variable: string,
  member?: string,
): ClosureValue {
  const special = isObject(value) && !types.isProxy(value) && Boolean(portableClassOf(value) ?? knownValue(value));
  const builtin =
    script && !isObject(value) && typeof value !== "function" && builtinImportOf(script, variable, member);
  if (builtin) return capture.add(undefined, () => ({ kind: "known", known: builtin }));
  const imported = special ? undefined : script && importOf(script, variable, member);
  const byName = (module: ModuleReference): ClosureValue =>
    capture.add(isObject(value) || typeof value === "function" ? value : undefined, () => ({
      kind: "module",
      module,
    }));
  if (imported?.preferred && !(typeof value === "function" && knownValue(value))) return byName(imported.module);
  const tried = capture.attempt(() => capture.value(value, path));
  if ("value" in tried) return tried.value;
  if (imported) return byName(imported.module);
  const exported = script && !special && member === undefined ? exportOf(script, variable) : undefined;
  if (exported) return byName(exported);
  throw tried.refusal;
}
