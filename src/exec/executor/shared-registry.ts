import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { SharedContent } from "./executor-messages.js";

/** Contents up to this size go through the channel, larger ones through a file that every executor reads. */
const INLINE_BYTES = 262_144;

interface Entry {
  readonly id: number;
  readonly wasm: boolean;
  readonly buffer: WeakRef<SharedArrayBuffer>;
  path: string | undefined;
}

/**
 * Shared memory of the driver that payloads name (local data, broadcasts, hash tables): each piece has a number, goes to
 * an executor once, and is forgotten everywhere when the driver lets go of it. It must not change after it was first sent.
 */
export class SharedRegistry {
  private readonly numbers = new WeakMap<SharedArrayBuffer, { plain?: number; wasm?: number }>();
  private readonly entries = new Map<number, Entry>();
  private readonly collected: FinalizationRegistry<number>;
  private next = 0;

  constructor(
    /** Folder for large contents; asked for when the first comes. */
    private readonly directory: () => string,
    private readonly onForget: (id: number) => void,
  ) {
    this.collected = new FinalizationRegistry((id) => this.forget(id));
  }

  numberOf(buffer: SharedArrayBuffer, wasm: boolean): number {
    const key = wasm ? "wasm" : "plain";
    const known = this.numbers.get(buffer);
    if (known?.[key] !== undefined) return known[key];
    const id = this.next++;
    this.numbers.set(buffer, { ...known, [key]: id });
    this.entries.set(id, { id, wasm, buffer: new WeakRef(buffer), path: undefined });
    this.collected.register(buffer, id);
    return id;
  }

  /** What an executor that does not know the number yet is sent. */
  content(id: number): SharedContent {
    const entry = this.entries.get(id)!;
    const bytes = new Uint8Array(entry.buffer.deref()!);
    const { wasm } = entry;
    if (bytes.byteLength <= INLINE_BYTES) return { id, wasm, content: bytes.slice() };
    if (entry.path === undefined) {
      const path = join(this.directory(), `shared-${id}`);
      const fd = openSync(path, "w", 0o600);
      try {
        for (let at = 0; at < bytes.byteLength;)
          at += writeSync(fd, bytes, at, Math.min(bytes.byteLength - at, 2 ** 30));
      } finally {
        closeSync(fd);
      }
      entry.path = path;
    }
    return { id, wasm, content: { path: entry.path, bytes: bytes.byteLength } };
  }

  clear(): void {
    for (const { path } of this.entries.values()) if (path !== undefined) rmSync(path, { force: true });
    this.entries.clear();
  }

  private forget(id: number): void {
    const path = this.entries.get(id)?.path;
    if (path !== undefined) rmSync(path, { force: true });
    if (this.entries.delete(id)) this.onForget(id);
  }
}
