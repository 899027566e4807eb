import { threadId } from "node:worker_threads";
import { start } from "./cycle.js";

const hidden = new WeakMap<object, number>();
const key = {};
hidden.set(key, 5);

/** Needs state that only importing this module makes. */
export const fromHidden = (x: number): number => x + (hidden.get(key) ?? Number.NaN);

export default function double(x: number): number {
  return x * 2;
}

/** Which thread this module was read on. */
export const readOn = threadId;

export class Money {
  constructor(readonly amount: number) {}
  plus(other: number): Money {
    return new Money(this.amount + other);
  }
}

export const circular = (x: number): number => x + start;
