/** What a storage level says about where a block may lie. */
export interface BlockLevel {
  readonly useMemory: boolean;
  readonly useDisk: boolean;
  /** Copies on different executors, as far as there are that many. */
  readonly replication: number;
}

/** What happened to the stored blocks; `block` is an id such as `rdd_3_0`, `group` what is unpersisted together (`rdd_3`). */
export type BlockEvent =
  | { readonly type: "executorAdded"; readonly executor: string }
  | { readonly type: "executorRemoved"; readonly executor: string }
  /** A copy lies on an executor now; bytes that are not in memory are on its disk. `replica` marks the answer to `replicate`. */
  | {
      readonly type: "stored";
      readonly block: string;
      readonly group: string;
      readonly executor: string;
      readonly level: BlockLevel;
      readonly memoryBytes: number;
      readonly diskBytes: number;
      readonly replica?: boolean;
    }
  | { readonly type: "replicationFailed"; readonly block: string; readonly to: string }
  /** `bytes` of storage must go: to store a block of `group`, or, without `group`, for execution. */
  | { readonly type: "roomNeeded"; readonly executor: string; readonly bytes: number; readonly group?: string }
  /** A `spill` is done: the copy lies on disk only. */
  | { readonly type: "spilled"; readonly block: string; readonly executor: string; readonly diskBytes: number }
  /** One copy is gone: a damaged or missing file, or a spill that failed. */
  | { readonly type: "lost"; readonly block: string; readonly executor: string }
  | { readonly type: "used"; readonly block: string; readonly executor: string }
  /** While a copy is pinned it is not evicted; pins nest. */
  | { readonly type: "pinned"; readonly block: string; readonly executor: string }
  | { readonly type: "unpinned"; readonly block: string; readonly executor: string }
  | { readonly type: "released"; readonly block: string }
  | { readonly type: "groupReleased"; readonly group: string };

export type BlockCommand =
  /** Give back memory and file of a copy. */
  | { readonly type: "drop"; readonly executor: string; readonly block: string; readonly bytes: number }
  /** Write the copy to disk unless it is there too, give back its memory, then report `spilled` (or `lost`). */
  | { readonly type: "spill"; readonly executor: string; readonly block: string; readonly bytes: number }
  /** The copy just reported is not kept (there is one already, or the block was released meanwhile): give it back. */
  | { readonly type: "refuse"; readonly executor: string; readonly block: string }
  | { readonly type: "replicate"; readonly block: string; readonly from: string; readonly to: string }
  /** No copy is left; the next reader computes the block again. */
  | { readonly type: "gone"; readonly block: string; readonly group: string };

interface Copy {
  readonly block: Entry;
  readonly executor: string;
  memoryBytes: number;
  diskBytes: number;
  spilling: boolean;
  pins: number;
}

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly level: BlockLevel;
  readonly copies: Map<string, Copy>;
  /** Executors that were told to take a copy and have not answered. */
  readonly awaited: Set<string>;
}

interface Holder {
  readonly id: string;
  /** Copies in memory, least recently used first. */
  readonly inMemory: Map<string, Copy>;
  readonly onDisk: Map<string, Copy>;
  memoryBytes: number;
  diskBytes: number;
}

/** What a group of blocks occupies. */
export interface GroupUsage {
  readonly blocks: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/**
 * Decides where cached blocks lie: which copies go when memory is short (least recently used first, never blocks of the
 * group that asks, everything or nothing, as Spark's MemoryStore), whether they are spilled or dropped (by storage level),
 * and which blocks are copied to a second executor. It moves no bytes: events in, commands out.
 */
export class BlockDirectory {
  private readonly holders = new Map<string, Holder>();
  private readonly entries = new Map<string, Entry>();
  private readonly groups = new Map<string, Set<Entry>>();

  handle(event: BlockEvent): BlockCommand[] {
    const out: BlockCommand[] = [];
    switch (event.type) {
      case "executorAdded":
        this.holder(event.executor);
        break;
      case "executorRemoved":
        this.removeExecutor(event.executor, out);
        break;
      case "stored":
        this.store(event, out);
        break;
      case "replicationFailed":
        this.entries.get(event.block)?.awaited.delete(event.to);
        break;
      case "roomNeeded":
        this.makeRoom(event.executor, event.bytes, event.group, out);
        break;
      case "spilled":
        this.spilled(event.block, event.executor, event.diskBytes, out);
        break;
      case "lost": {
        const copy = this.copy(event.block, event.executor);
        if (!copy) break;
        this.forget(copy);
        this.settle(copy.block, out);
        this.replicate(copy.block, out);
        break;
      }
      case "used":
        this.touch(this.copy(event.block, event.executor));
        break;
      case "pinned": {
        const copy = this.copy(event.block, event.executor);
        if (copy) copy.pins++;
        break;
      }
      case "unpinned": {
        const copy = this.copy(event.block, event.executor);
        if (copy && copy.pins > 0) copy.pins--;
        break;
      }
      case "released": {
        const entry = this.entries.get(event.block);
        if (entry) this.release(entry, out);
        break;
      }
      case "groupReleased":
        for (const entry of [...(this.groups.get(event.group) ?? [])]) this.release(entry, out);
        break;
    }
    return out;
  }

  /** Executors that hold a copy of the block. */
  locations(block: string): readonly string[] {
    return [...(this.entries.get(block)?.copies.keys() ?? [])];
  }
  /** Whether the executor's copy is in memory; undefined when it has none. */
  inMemory(block: string, executor: string): boolean | undefined {
    const copy = this.copy(block, executor);
    return copy && copy.memoryBytes > 0;
  }
  memoryBytes(executor: string): number {
    return this.holders.get(executor)?.memoryBytes ?? 0;
  }
  diskBytes(executor: string): number {
    return this.holders.get(executor)?.diskBytes ?? 0;
  }
  /** Whether the executor holds any block, in memory or on disk. */
  holdsBlocks(executor: string): boolean {
    const holder = this.holders.get(executor);
    return holder !== undefined && holder.inMemory.size + holder.onDisk.size > 0;
  }
  /** Blocks of a group that have a copy, and the bytes of all their copies. */
  usage(group: string): GroupUsage {
    let memoryBytes = 0;
    let diskBytes = 0;
    const entries = this.groups.get(group) ?? [];
    for (const entry of entries) {
      for (const copy of entry.copies.values()) {
        memoryBytes += copy.memoryBytes;
        diskBytes += copy.diskBytes;
      }
    }
    return { blocks: this.groups.get(group)?.size ?? 0, memoryBytes, diskBytes };
  }
  groupNames(): readonly string[] {
    return [...this.groups.keys()];
  }

  private holder(executor: string): Holder {
    let holder = this.holders.get(executor);
    if (!holder) {
      holder = { id: executor, inMemory: new Map(), onDisk: new Map(), memoryBytes: 0, diskBytes: 0 };
      this.holders.set(executor, holder);
    }
    return holder;
  }
  private copy(block: string, executor: string): Copy | undefined {
    return this.entries.get(block)?.copies.get(executor);
  }

  private store(event: Extract<BlockEvent, { type: "stored" }>, out: BlockCommand[]): void {
    const { block, executor, level } = event;
    const holder = this.holders.get(executor);
    let entry = this.entries.get(block);
    const awaited = entry?.awaited.delete(executor) ?? false;
    const enough = entry !== undefined && !awaited && entry.copies.size + entry.awaited.size >= level.replication;
    // A late report of an executor that is gone needs no answer either: nobody holds the bytes any more.
    if (!holder || entry?.copies.has(executor) || enough || (event.replica && !awaited)) {
      out.push({ type: "refuse", executor, block });
      return;
    }
    if (!entry) {
      entry = { id: block, group: event.group, level, copies: new Map(), awaited: new Set() };
      this.entries.set(block, entry);
      const group = this.groups.get(entry.group);
      if (group) group.add(entry);
      else this.groups.set(entry.group, new Set([entry]));
    }
    const { memoryBytes, diskBytes } = event;
    const copy: Copy = { block: entry, executor, memoryBytes, diskBytes, spilling: false, pins: 0 };
    entry.copies.set(executor, copy);
    holder.memoryBytes += memoryBytes;
    holder.diskBytes += diskBytes;
    (memoryBytes > 0 ? holder.inMemory : holder.onDisk).set(block, copy);
    this.replicate(entry, out);
  }

  private replicate(entry: Entry, out: BlockCommand[]): void {
    const [from] = entry.copies.keys();
    if (from === undefined) return;
    while (entry.copies.size + entry.awaited.size < entry.level.replication) {
      let to: Holder | undefined;
      for (const holder of this.holders.values()) {
        if (entry.copies.has(holder.id) || entry.awaited.has(holder.id)) continue;
        if (!to || holder.memoryBytes < to.memoryBytes) to = holder;
      }
      if (!to) return;
      entry.awaited.add(to.id);
      out.push({ type: "replicate", block: entry.id, from, to: to.id });
    }
  }

  private makeRoom(executor: string, bytes: number, group: string | undefined, out: BlockCommand[]): void {
    const victims: Copy[] = [];
    let freed = 0;
    for (const copy of this.holders.get(executor)?.inMemory.values() ?? []) {
      if (freed >= bytes) break;
      if (copy.pins > 0 || copy.spilling || (group !== undefined && copy.block.group === group)) continue;
      victims.push(copy);
      freed += copy.memoryBytes;
    }
    if (freed < bytes) return;
    for (const copy of victims) {
      const at = { executor, block: copy.block.id, bytes: copy.memoryBytes };
      if (copy.block.level.useDisk) {
        copy.spilling = true;
        out.push({ type: "spill", ...at });
      } else {
        out.push({ type: "drop", ...at });
        this.forget(copy);
        this.settle(copy.block, out);
      }
    }
  }

  private spilled(block: string, executor: string, diskBytes: number, out: BlockCommand[]): void {
    const copy = this.copy(block, executor);
    const holder = this.holders.get(executor);
    if (!copy || !holder || !copy.spilling) {
      // Released while it was being written: the file has no owner.
      if (!copy && holder) out.push({ type: "refuse", executor, block });
      return;
    }
    holder.inMemory.delete(block);
    holder.onDisk.set(block, copy);
    holder.memoryBytes -= copy.memoryBytes;
    holder.diskBytes += diskBytes - copy.diskBytes;
    copy.memoryBytes = 0;
    copy.diskBytes = diskBytes;
    copy.spilling = false;
  }

  private touch(copy: Copy | undefined): void {
    if (!copy || copy.memoryBytes === 0) return;
    const { inMemory } = this.holders.get(copy.executor)!;
    inMemory.delete(copy.block.id);
    inMemory.set(copy.block.id, copy);
  }

  private forget(copy: Copy): void {
    copy.block.copies.delete(copy.executor);
    const holder = this.holders.get(copy.executor);
    if (!holder) return;
    holder.inMemory.delete(copy.block.id);
    holder.onDisk.delete(copy.block.id);
    holder.memoryBytes -= copy.memoryBytes;
    holder.diskBytes -= copy.diskBytes;
  }

  /** After a copy went away. */
  private settle(entry: Entry, out: BlockCommand[]): void {
    if (entry.copies.size > 0) return;
    this.remove(entry);
    out.push({ type: "gone", block: entry.id, group: entry.group });
  }
  private remove(entry: Entry): void {
    this.entries.delete(entry.id);
    const group = this.groups.get(entry.group);
    group?.delete(entry);
    if (group?.size === 0) this.groups.delete(entry.group);
  }

  private release(entry: Entry, out: BlockCommand[]): void {
    for (const copy of [...entry.copies.values()]) {
      out.push({ type: "drop", executor: copy.executor, block: entry.id, bytes: copy.memoryBytes });
      this.forget(copy);
    }
    this.remove(entry);
  }

  private removeExecutor(executor: string, out: BlockCommand[]): void {
    const holder = this.holders.get(executor);
    if (!holder) return;
    this.holders.delete(executor);
    const lost = [...holder.inMemory.values(), ...holder.onDisk.values()];
    for (const entry of this.entries.values()) if (entry.awaited.size > 0) entry.awaited.delete(executor);
    for (const copy of lost) {
      copy.block.copies.delete(executor);
      this.settle(copy.block, out);
      // As spark.storage.replication.proactive, which is on by default.
      this.replicate(copy.block, out);
    }
  }
}
