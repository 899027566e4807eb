import { Session } from "node:inspector";

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
}
interface Properties {
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}
/** How V8 shows a scope: "Block (f)", "Closure (f)", "Module", "Script" or "Global", and its variables. */
interface Scope {
  readonly description: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** A variable that a function closes over. */
export interface ScopeVariable {
  readonly value: unknown;
  /** Whether it belongs to the module itself, not to a function or block inside it. */
  readonly ofModule: boolean;
}
export interface InspectedFunction {
  /** V8's number of the script that holds the text; undefined for native functions. */
  readonly scriptId: string | undefined;
  readonly variables: ReadonlyMap<string, ScopeVariable>;
}

type AnyFunction = (...args: never[]) => unknown;
const HANDLE = Symbol.for("kindling.closure.subject");
const HANDED_OVER = `globalThis[Symbol.for("kindling.closure.subject")]`;
let session: Session | undefined;

/** The inspector's session of this thread. */
export function inspector(): Session {
  if (!session) {
    session = new Session();
    session.connect();
  }
  return session;
}

/** One request to the inspector, which answers synchronously. */
export function post<T>(method: string, params: object): T {
  let answer: T | undefined;
  let failure: Error | null = null;
  inspector().post(method, params, (error, result) => {
    failure = error;
    answer = result as T;
  });
  if (failure) throw failure as Error;
  return answer as T;
}

/**
 * Where a function is from and the named variables that it closes over, innermost scope first, through V8's inspector
 * (synchronously; nothing of the user's runs). Variables of the global scope are left out.
 */
export function inspectFunction(fn: AnyFunction, names: ReadonlySet<string>): InspectedFunction {
  const exchange: { subject: unknown; scopes?: ArrayLike<Scope> } = { subject: fn };
  (globalThis as Record<symbol, unknown>)[HANDLE] = exchange;
  try {
    const { objectId } = post<{ result: RemoteObject }>("Runtime.evaluate", {
      expression: `${HANDED_OVER}.subject`,
      objectGroup: "kindling",
    }).result;
    const { internalProperties = [] } = post<Properties>("Runtime.getProperties", { objectId, ownProperties: true });
    const internal = (name: string): RemoteObject | undefined =>
      internalProperties.find((property) => property.name === name)?.value;
    const location = internal("[[FunctionLocation]]")?.value as { scriptId: string } | undefined;
    const list = internal("[[Scopes]]");
    if (list?.objectId !== undefined && names.size > 0) {
      post("Runtime.callFunctionOn", {
        objectId: list.objectId,
        functionDeclaration: `function () { "use strict"; ${HANDED_OVER}.scopes = this; }`,
        silent: true,
      });
    }
    return { scriptId: location?.scriptId, variables: variablesOf(exchange.scopes ?? [], names) };
  } finally {
    post("Runtime.releaseObjectGroup", { objectGroup: "kindling" });
    delete (globalThis as Record<symbol, unknown>)[HANDLE];
  }
}

function variablesOf(all: ArrayLike<Scope>, names: ReadonlySet<string>): Map<string, ScopeVariable> {
  const scopes = Array.from(all).filter(({ description }) => !description.startsWith("Global"));
  const outermost = scopes.findLastIndex(({ description }) => !description.startsWith("Script"));
  // A test runner puts a module's text into a block inside of its wrapping function.
  const isBlock = outermost > 0 && scopes[outermost - 1].description.startsWith("Block");
  const module = isBlock ? outermost - 1 : outermost;
  const variables = new Map<string, ScopeVariable>();
  scopes.forEach(({ object }, depth) => {
    for (const name of names) {
      const found = variables.has(name) ? undefined : Object.getOwnPropertyDescriptor(object, name);
      if (found) variables.set(name, { value: found.value as unknown, ofModule: depth >= module });
    }
  });
  return variables;
}

/** Values of the variables that a function closes over, by name. */
export const readScopes = (fn: AnyFunction, names: ReadonlySet<string>): Map<string, unknown> =>
  new Map([...inspectFunction(fn, names).variables].map(([name, { value }]) => [name, value]));
