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

let session: Session | undefined;
const HANDLE = Symbol.for("kindling.closure.subject");
type Exchange = { subject?: unknown; value?: unknown };

function post<T>(method: string, params: object): T {
  let answer: T | undefined;
  let failure: Error | null = null;
  (session as Session).post(method, params, (error, result) => {
    failure = error;
    answer = result as T;
  });
  if (failure) throw failure as Error;
  return answer as T;
}

/**
 * Values of the variables that a function closes over, innermost scope first, through V8's inspector (synchronously;
 * nothing of the function runs). Variables of the global scope are left out.
 */
export function readScopes(fn: (...args: never[]) => unknown, names: ReadonlySet<string>): Map<string, unknown> {
  if (!session) {
    session = new Session();
    session.connect();
  }
  const exchange: Exchange = { subject: fn };
  (globalThis as Record<symbol, unknown>)[HANDLE] = exchange;
  const found = new Map<string, unknown>();
  try {
    const expression = `globalThis[Symbol.for("kindling.closure.subject")]`;
    const { objectId } = post<{ result: RemoteObject }>("Runtime.evaluate", {
      expression: `${expression}.subject`,
      objectGroup: "kindling",
    }).result;
    const { internalProperties } = post<Properties>("Runtime.getProperties", { objectId, ownProperties: true });
    const scopes = internalProperties?.find((property) => property.name === "[[Scopes]]")?.value;
    if (!scopes) return found;
    for (const { value: scope } of post<Properties>("Runtime.getProperties", {
      objectId: scopes.objectId,
      ownProperties: true,
    }).result) {
      if (!scope?.objectId || scope.description?.startsWith("Global")) continue;
      for (const { name, value } of post<Properties>("Runtime.getProperties", {
        objectId: scope.objectId,
        ownProperties: true,
      }).result) {
        if (!names.has(name) || found.has(name) || !value) continue;
        found.set(name, localValue(value, exchange));
      }
    }
  } finally {
    post("Runtime.releaseObjectGroup", { objectGroup: "kindling" });
    delete (globalThis as Record<symbol, unknown>)[HANDLE];
  }
  return found;
}

/** The value itself: a primitive from its description; an object hands itself over through a global. */
function localValue(remote: RemoteObject, exchange: Exchange): unknown {
  if (remote.objectId !== undefined) {
    post("Runtime.callFunctionOn", {
      objectId: remote.objectId,
      functionDeclaration: `function () { globalThis[Symbol.for("kindling.closure.subject")].value = this; }`,
      silent: true,
    });
    return exchange.value;
  }
  const text = remote.unserializableValue;
  if (text === undefined) return remote.value;
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}
