import { AccumulatorV2 } from "./accumulator-v2.js";

type Integer = number | bigint;

/** Exact: a number for as long as it is a safe integer. */
function addIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === "number" && typeof right === "number") {
    const sum = left + right;
    if (Number.isSafeInteger(sum) || !Number.isInteger(sum)) return sum;
  }
  const sum = BigInt.asIntN(64, BigInt(left) + BigInt(right));
  const small = Number(sum);
  return Number.isSafeInteger(small) ? small : sum;
}

/** Sum, count and mean of integers. */
export class LongAccumulator extends AccumulatorV2<Integer, Integer> {
  total: Integer = 0;
  additions = 0;

  isZero(): boolean {
    return this.total === 0 && this.additions === 0;
  }
  copy(): LongAccumulator {
    const copy = new LongAccumulator();
    copy.merge(this);
    return copy;
  }
  reset(): void {
    this.total = 0;
    this.additions = 0;
  }
  add(value: Integer): void {
    this.total = addIntegers(this.total, value);
    this.additions++;
  }
  merge(other: AccumulatorV2<Integer, Integer>): void {
    const { total, additions } = other as LongAccumulator;
    this.total = addIntegers(this.total, total);
    this.additions += additions;
  }
  get value(): Integer {
    return this.total;
  }
  get sum(): Integer {
    return this.total;
  }
  get count(): number {
    return this.additions;
  }
  get avg(): number {
    return Number(this.total) / this.additions;
  }
}

/** Sum, count and mean of numbers. */
export class DoubleAccumulator extends AccumulatorV2<number, number> {
  total = 0;
  additions = 0;

  isZero(): boolean {
    return this.total === 0 && this.additions === 0;
  }
  copy(): DoubleAccumulator {
    const copy = new DoubleAccumulator();
    copy.merge(this);
    return copy;
  }
  reset(): void {
    this.total = 0;
    this.additions = 0;
  }
  add(value: number): void {
    this.total += value;
    this.additions++;
  }
  merge(other: AccumulatorV2<number, number>): void {
    const { total, additions } = other as DoubleAccumulator;
    this.total += total;
    this.additions += additions;
  }
  get value(): number {
    return this.total;
  }
  get sum(): number {
    return this.total;
  }
  get count(): number {
    return this.additions;
  }
  get avg(): number {
    return this.total / this.additions;
  }
}

/** All values that were added, in the order in which tasks ended. */
export class CollectionAccumulator<T = unknown> extends AccumulatorV2<T, readonly T[]> {
  items: T[] = [];

  isZero(): boolean {
    return this.items.length === 0;
  }
  copy(): CollectionAccumulator<T> {
    const copy = new CollectionAccumulator<T>();
    copy.merge(this);
    return copy;
  }
  reset(): void {
    this.items = [];
  }
  add(value: T): void {
    this.items.push(value);
  }
  merge(other: AccumulatorV2<T, readonly T[]>): void {
    for (const item of other.value) this.items.push(item);
  }
  get value(): readonly T[] {
    return this.items;
  }
}
