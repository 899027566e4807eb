import type { TaskContext } from "../exec/index.js";
import type { Source } from "./operator.js";

export interface ActionInput {
  readonly task: TaskContext;
  readonly partition: number;
  /** The function that was captured; one per task. */
  revive<F extends (...args: never[]) => unknown>(closure: unknown): F;
}

/** What an action does with one partition on a worker; results may hold anything the element codec takes. */
export interface RddAction<P = unknown, R = unknown> {
  readonly name: string;
  run(source: Source, params: P, input: ActionInput): R | Promise<R>;
}

const actions = new Map<string, RddAction<never>>();

/** Registers an action under its name and returns it. */
export function defineRddAction<P, R>(action: RddAction<P, R>): RddAction<P, R> {
  actions.set(action.name, action as unknown as RddAction<never>);
  return action;
}

export function rddAction(name: string): RddAction {
  const found = actions.get(name);
  if (!found) throw new Error(`no RDD action "${name}" is registered`);
  return found as unknown as RddAction;
}
