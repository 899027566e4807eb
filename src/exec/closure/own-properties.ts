import { types } from "node:util";

/** Own properties that hold data, by name; the second list names those that would run a getter. */
export function ownProperties(holder: object): { data: [string, unknown][]; getters: string[] } {
  const data: [string, unknown][] = [];
  const getters: string[] = [];
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
    if (!descriptor.enumerable) continue;
    if ("value" in descriptor) data.push([key, descriptor.value]);
    else getters.push(key);
  }
  return { data, getters };
}

/** Value of an own or inherited property, without running a getter. */
export function dataProperty(holder: object, key: PropertyKey): unknown {
  for (let at: object | null = holder; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor) return descriptor.value;
  }
  return undefined;
}

/** The exports of an ES module: Node's own namespaces, and those that bundlers and test runners make. */
export const isNamespace = (value: object): boolean =>
  types.isModuleNamespaceObject(value) ||
  Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === "Module" ||
  Object.getOwnPropertyDescriptor(value, "__esModule")?.value === true;

/** Name of a function or class, without running a static getter of that name. */
export function nameOf(fn: unknown): string {
  const name =
    (typeof fn === "function" || typeof fn === "object") && fn !== null ? dataProperty(fn, "name") : undefined;
  return typeof name === "string" ? name : "";
}
