import { Session } from "node:inspector";

interface RemoteObject {
  readonly type: string;
  readonly objectId?: string;
  readonly description?: string;
  /** Primitives that JSON has. */
  readonly value?: unknown;
  /** `NaN`, `-0`, `Infinity` and bigints, as text. */
  readonly unserializableValue?: string;
}
interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
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
type Exchange = { subject?: unknown; value?: unknown };
const HANDLE = Symbol.for("kindling.closure.subject");
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

const propertiesOf = (objectId: string | undefined): Properties =>
  post<Properties>("Runtime.getProperties", { objectId, ownProperties: true });

/**
 * Where a function is from and the named variables that it closes over, innermost scope first, through V8's inspector
 * (synchronously; nothing of the user's runs). Variables of the global scope are left out.
 */
export function inspectFunction(fn: AnyFunction, names: ReadonlySet<string>): InspectedFunction {
  const exchange: Exchange = { subject: fn };
  (globalThis as Record<symbol, unknown>)[HANDLE] = exchange;
  const variables = new Map<string, ScopeVariable>();
  try {
    const expression = `globalThis[Symbol.for("kindling.closure.subject")].subject`;
    const { objectId } = post<{ result: RemoteObject }>("Runtime.evaluate", {
      expression,
      objectGroup: "kindling",
    }).result;
    const { internalProperties = [] } = propertiesOf(objectId);
    const internal = (name: string): RemoteObject | undefined =>
      internalProperties.find((property) => property.name === name)?.value;
    const location = internal("[[FunctionLocation]]")?.value as { scriptId: string } | undefined;
    const list = internal("[[Scopes]]");
    const scopes = (list === undefined || names.size === 0 ? [] : propertiesOf(list.objectId).result).flatMap(
      ({ value }) => (value?.objectId && !value.description?.startsWith("Global") ? [value] : []),
    );
    const outermost = scopes.findLastIndex((scope) => !scope.description?.startsWith("Script"));
    // A test runner puts a module's text into a block inside of its wrapping function.
    const isBlock = scopes[outermost - 1]?.description?.startsWith("Block");
    const module = outermost > 0 && isBlock ? outermost - 1 : outermost;
    scopes.forEach((scope, depth) => {
      for (const { name, value } of propertiesOf(scope.objectId).result) {
        if (!names.has(name) || variables.has(name) || !value) continue;
        variables.set(name, { value: localValue(value, exchange), ofModule: depth >= module });
      }
    });
    return { scriptId: location?.scriptId, variables };
  } finally {
    post("Runtime.releaseObjectGroup", { objectGroup: "kindling" });
    delete (globalThis as Record<symbol, unknown>)[HANDLE];
  }
}

/** Values of the variables that a function closes over, by name. */
export const readScopes = (fn: AnyFunction, names: ReadonlySet<string>): Map<string, unknown> =>
  new Map([...inspectFunction(fn, names).variables].map(([name, { value }]) => [name, value]));

/** The value itself: a primitive from its description; an object hands itself over through a global. */
function localValue(remote: RemoteObject, exchange: Exchange): unknown {
  if (remote.objectId !== undefined) {
    post("Runtime.callFunctionOn", {
      objectId: remote.objectId,
      functionDeclaration: `function () { "use strict"; globalThis[Symbol.for("kindling.closure.subject")].value = this; }`,
      silent: true,
    });
    return exchange.value;
  }
  const text = remote.unserializableValue;
  if (text === undefined) return remote.value;
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}
