import { apiClasses, type ApiClass } from "./api-list.js";
import { loadApi, type Loose } from "./runner/api.js";

/** Lists what `ml-api.json` has and kindling lacks: classes, and params, methods and properties of existing classes. */
export interface Gaps {
  readonly present: readonly string[];
  readonly missing: readonly ApiClass[];
  /** By class: names of what is missing. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/** Python's bridge to Java and its readers and writers, one a class, which MLReader and MLWriter are for all. */
const bridge =
  /^(Java|General|BaseReadWrite|DefaultParams|Identifiable$|Helper)|.(Reader|Writer|SharedReadWrite)$(?<!^ML(Reader|Writer))/;
const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Bases declare no params here (each class lists its own); types have Python's protocol of conversion. */
const hasMembersOfItsOwn = (entry: ApiClass): boolean =>
  !entry.abstract && !entry.common && entry.kind !== "function" && !/(UDT|^Vector|^ML.*er)$/.test(entry.name);

/** Members that belong to Python or to the bridge to Java. */
const pythonOnly = /^(_|__|setParams$|read$|write$|of$|fromJava|toJava)/;

export async function gaps(): Promise<Gaps> {
  const api = await loadApi();
  const listed = apiClasses().filter((entry) => !bridge.test(entry.name));
  const exists = (name: string): boolean =>
    ["function", "object"].includes(typeof (api[name] ?? api.functions[camel(name)]));
  const present = listed.filter((entry) => exists(entry.name));
  const members = new Map<string, readonly string[]>();
  for (const entry of present.filter(hasMembersOfItsOwn)) {
    const lacks = missingMembers(api[entry.name], entry);
    if (lacks.length > 0) members.set(entry.name, lacks);
  }
  return {
    present: present.map((entry) => entry.name),
    missing: listed.filter((entry) => !exists(entry.name)),
    members,
  };
}

function missingMembers(found: Loose, entry: ApiClass): string[] {
  const prototype = found.prototype ?? found;
  const has = (name: string): boolean => name in prototype || name in found;
  const params = (entry.params ?? []).filter((param) => param.python !== false && !has(param.name));
  const methods = (entry.methods ?? []).filter((method) => !pythonOnly.test(method.name) && !has(method.name));
  const properties = (entry.properties ?? []).filter(
    (name) => !pythonOnly.test(name) && !hasField(prototype, name, found),
  );
  return [...params.map((p) => `param ${p.name}`), ...methods.map((m) => `${m.name}()`), ...properties];
}

/** Instance fields are not on the prototype: look for their assignment in the class's source. */
const hasField = (prototype: object, name: string, found: Loose): boolean =>
  name in prototype ||
  name in found ||
  classTexts(found).some((text) => new RegExp(`\\b(this\\.)?${name}\\b`).test(text));

function classTexts(type: Loose): string[] {
  const texts: string[] = [];
  for (let at = type; typeof at === "function" && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    texts.push(Function.prototype.toString.call(at));
  }
  return texts;
}

function print({ present, missing, members }: Gaps): void {
  const total = present.length + missing.length;
  console.log(`pyspark.ml 4.3: ${present.length} of ${total} public classes exist\n`);
  for (const module of new Set(missing.map((entry) => entry.module))) {
    const names = missing.filter((entry) => entry.module === module).map((entry) => entry.name);
    console.log(`missing in ${module}: ${names.join(", ")}`);
  }
  console.log("");
  for (const [name, lacks] of members) console.log(`${name} lacks ${lacks.join(", ")}`);
  if (members.size === 0) console.log("every existing class has all its params, methods and properties");
}

if (process.argv[1]?.endsWith("completeness.ts")) print(await gaps());
