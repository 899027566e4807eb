import { SparkException } from "../../common/index.js";
import { definePortableClass } from "../closure/portable-class.js";
import { decodeShared, encodeShared, type SharedValue } from "./shared-value.js";

/** What workers get of a broadcast: shared memory, the same for all of them. */
interface BroadcastParts {
  readonly id: number;
  /** Raised by unpersist: what a worker has decoded for an earlier one is stale. */
  readonly epoch: number;
  readonly shared: SharedValue;
  /** One Int32, 1 once the driver destroyed or unpersisted it: workers of this process drop what they have decoded. */
  readonly dropped: SharedArrayBuffer;
}

let nextId = 0;

/** A read-only value that lies once in shared memory, however many workers read it. */
export class Broadcast<T> {
  readonly id: number;
  private parts: BroadcastParts | undefined;
  private local: { readonly value: T } | undefined;
  private destroyedBy: string | undefined;

  /** Not part of Spark's API: `sc.broadcast` makes one. */
  constructor(
    value: T | undefined,
    private readonly received?: BroadcastParts,
  ) {
    this.id = received?.id ?? nextId++;
    if (received) return;
    this.local = { value: value as T };
    // The value is taken now: what the caller changes afterwards does not reach the workers.
    this.parts = { id: this.id, epoch: 0, shared: encodeShared(value), dropped: new SharedArrayBuffer(4) };
  }

  /** The value; on a worker decoded once and read in place where it is typed arrays. Do not change it. */
  get value(): T {
    this.assertValid();
    if (this.received) return decodedOnce(this.received) as T;
    return this.local!.value;
  }

  /** Drops what the workers have decoded; it is decoded again when it is used. */
  unpersist(_blocking = false): void {
    this.assertValid();
    if (!this.parts) return;
    Atomics.store(new Int32Array(this.parts.dropped), 0, 1);
    this.parts = { ...this.parts, epoch: this.parts.epoch + 1, dropped: new SharedArrayBuffer(4) };
  }

  /** Frees everything; it cannot be used any more. */
  destroy(_blocking = false): void {
    this.assertValid();
    if (this.parts) Atomics.store(new Int32Array(this.parts.dropped), 0, 1);
    this.parts = undefined;
    this.local = undefined;
    this.destroyedBy = "destroy";
  }

  /** Not part of Spark's API: what travels inside functions. */
  taken(): BroadcastParts {
    this.assertValid();
    return (this.parts ?? this.received)!;
  }

  toString(): string {
    return `Broadcast(${this.id})`;
  }

  private assertValid(): void {
    if (this.destroyedBy === undefined) return;
    throw new SparkException(
      `Attempted to use Broadcast(${this.id}) after it was destroyed (${this.destroyedBy}); broadcast the value again.`,
      { condition: "INTERNAL_ERROR_BROADCAST", sqlState: "XX000" },
    );
  }
}

/** Bytes of decoded broadcasts that a worker keeps before it lets go of those it used longest ago. */
const KEPT_BYTES = 256 * 2 ** 20;

interface Decoded {
  readonly epoch: number;
  readonly dropped: Int32Array;
  readonly value: unknown;
  readonly bytes: number;
}
const decoded = new Map<number, Decoded>();
let keptBytes = 0;

function forget(id: number): void {
  keptBytes -= decoded.get(id)?.bytes ?? 0;
  decoded.delete(id);
}

function decodedOnce({ id, epoch, shared, dropped }: BroadcastParts): unknown {
  const known = decoded.get(id);
  if (known?.epoch === epoch) return known.value;
  forget(id);
  for (const [other, { dropped: gone }] of decoded) if (Atomics.load(gone, 0) !== 0) forget(other);
  const bytes = shared.bytes.byteLength + shared.arrays.reduce((n, array) => n + array.byteLength, 0);
  for (const other of decoded.keys()) {
    if (keptBytes + bytes <= KEPT_BYTES) break;
    forget(other);
  }
  const value = decodeShared(shared);
  decoded.set(id, { epoch, dropped: new Int32Array(dropped), value, bytes });
  keptBytes += bytes;
  return value;
}

definePortableClass<Broadcast<unknown>>({
  name: "Broadcast",
  matches: (value): value is Broadcast<unknown> => value instanceof Broadcast,
  take: (broadcast) => broadcast.taken(),
  make: (parts) => new Broadcast<unknown>(undefined, parts as BroadcastParts),
});
