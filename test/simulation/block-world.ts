import {
  BlockDirectory,
  type BlockCommand,
  type BlockEvent,
  type BlockLevel,
} from "../../src/exec/core/block-directory.js";
import { Clock } from "./clock.js";
import { Random } from "./random.js";
import { check } from "./violation.js";

export type DirectoryUnderTest = Pick<
  BlockDirectory,
  "handle" | "locations" | "inMemory" | "memoryBytes" | "diskBytes" | "usage" | "groupNames"
>;
export type DirectoryVariant = () => DirectoryUnderTest;

interface Held {
  memory: number;
  disk: number;
  pins: number;
  spilling: boolean;
  usedAt: number;
}
interface Node {
  readonly id: string;
  readonly held: Map<string, Held>;
}

const levels: readonly BlockLevel[] = [
  { useMemory: true, useDisk: false, replication: 1 },
  { useMemory: true, useDisk: true, replication: 1 },
  { useMemory: false, useDisk: true, replication: 1 },
  { useMemory: true, useDisk: true, replication: 2 },
  { useMemory: true, useDisk: false, replication: 2 },
];
const PARTITIONS = 5;
const ROOM = 100;

/** Executors with little memory, readers of cached groups, and the directory that decides what stays where. */
class BlockWorld {
  private readonly clock = new Clock();
  private readonly random: Random;
  private readonly nodes = new Map<string, Node>();
  private readonly groups: { readonly id: string; readonly level: BlockLevel; released: boolean }[] = [];
  private nextNode = 0;
  private order = 0;
  evicted = 0;

  constructor(
    seed: number,
    private readonly directory: DirectoryUnderTest,
    private readonly trace: (text: () => string) => void,
  ) {
    this.random = new Random(seed ^ 0x2545f491);
  }

  run(): { evicted: number } {
    const { clock, random } = this;
    for (let n = random.int(1, 3); n > 0; n--) this.addNode();
    for (let g = random.int(1, 4); g > 0; g--) {
      this.groups.push({ id: `rdd_${g}`, level: random.pick(levels), released: false });
    }
    for (let reads = random.int(10, 60); reads > 0; reads--) clock.after(random.int(0, 2_000), () => this.read());
    for (let n = random.int(0, 3); n > 0; n--) clock.after(random.int(0, 2_000), () => this.crash());
    for (let n = random.int(0, 4); n > 0; n--) clock.after(random.int(0, 2_000), () => this.damage());
    for (let n = random.int(0, 2); n > 0; n--) clock.after(random.int(0, 2_000), () => this.execute());
    for (const group of this.groups)
      if (random.chance(0.3)) clock.after(random.int(0, 2_500), () => this.release(group));
    while (clock.step());
    this.agree();
    for (const group of this.groups) this.release(group);
    while (clock.step());
    this.agree();
    check(this.directory.groupNames().length === 0, () => `groups ${this.directory.groupNames().join(", ")} are left`);
    for (const { id, held } of this.nodes.values()) {
      check(held.size === 0, () => `${id} still holds ${[...held.keys()].join(", ")}`);
      check(this.directory.memoryBytes(id) === 0 && this.directory.diskBytes(id) === 0, () => `${id} counts bytes`);
    }
    return { evicted: this.evicted };
  }

  /** A task reads a block from one of its places, or computes it and has it cached. */
  private read(): void {
    const { random } = this;
    const group = random.pick(this.groups);
    const block = `${group.id}_${random.int(0, PARTITIONS - 1)}`;
    const places = this.directory.locations(block);
    if (places.length > 0) {
      const node = random.pick(places);
      const held = this.nodes.get(node)?.held.get(block);
      if (!held) {
        // The block went while the task was on its way; it computes it and the copy is reported as lost.
        this.send({ type: "lost", block, executor: node });
        return;
      }
      this.send({ type: "used", block, executor: node });
      if (held.memory > 0) held.usedAt = this.order++;
      this.send({ type: "pinned", block, executor: node });
      held.pins++;
      this.clock.after(random.int(1, 50), () => {
        if (this.nodes.get(node)?.held.get(block) !== held) return;
        held.pins--;
        this.send({ type: "unpinned", block, executor: node });
      });
      return;
    }
    const node = random.pick([...this.nodes.values()]);
    if (!node) return;
    this.clock.after(random.int(1, 200), () => this.keep(node, block, group));
  }

  private keep(node: Node, block: string, group: { readonly id: string; readonly level: BlockLevel }): void {
    if (this.nodes.get(node.id) !== node) return;
    const bytes = this.random.int(5, 40);
    const { level } = group;
    if (level.useMemory && this.used(node) + bytes > ROOM) {
      this.send({ type: "roomNeeded", executor: node.id, bytes: this.used(node) + bytes - ROOM, group: group.id });
    }
    const fits = level.useMemory && this.used(node) + bytes <= ROOM;
    if (!fits && !level.useDisk) return;
    this.report(node, block, group, bytes, fits, false);
  }
  private report(
    node: Node,
    block: string,
    { id: group, level }: { readonly id: string; readonly level: BlockLevel },
    bytes: number,
    inMemory: boolean,
    replica: boolean,
  ): void {
    const memoryBytes = inMemory ? bytes : 0;
    const diskBytes = inMemory ? 0 : bytes;
    const before = node.held.get(block);
    const mine: Held = { memory: memoryBytes, disk: diskBytes, pins: 0, spilling: false, usedAt: this.order++ };
    if (!before) node.held.set(block, mine);
    const refused = this.send({
      type: "stored",
      block,
      group,
      executor: node.id,
      level,
      memoryBytes,
      diskBytes,
      replica,
    });
    check(!(before && !refused), () => `${node.id} holds two copies of ${block}`);
    if (refused && !before) node.held.delete(block);
    const copies = this.directory.locations(block).length;
    check(copies <= Math.max(1, level.replication), () => `${block} has ${copies} copies`);
  }

  private execute(): void {
    const node = this.random.pick([...this.nodes.values()]);
    if (node) this.send({ type: "roomNeeded", executor: node.id, bytes: this.random.int(1, ROOM) });
  }
  private damage(): void {
    const node = this.random.pick([...this.nodes.values()]);
    const block = node && this.random.pick([...node.held.keys()]);
    if (!block) return;
    node.held.delete(block);
    this.send({ type: "lost", block, executor: node.id });
  }
  private crash(): void {
    const node = this.random.pick([...this.nodes.values()]);
    if (!node) return;
    this.nodes.delete(node.id);
    this.send({ type: "executorRemoved", executor: node.id });
    this.addNode();
  }
  private release(group: { readonly id: string; released: boolean }): void {
    group.released = true;
    this.send({ type: "groupReleased", group: group.id });
    check(this.directory.usage(group.id).blocks === 0, () => `${group.id} still has blocks`);
  }
  private addNode(): void {
    const node: Node = { id: `e${this.nextNode++}`, held: new Map() };
    this.nodes.set(node.id, node);
    this.send({ type: "executorAdded", executor: node.id });
  }

  /** Returns whether the copy that was reported is refused. */
  private send(event: BlockEvent): boolean {
    this.trace(() => `${String(this.clock.now).padStart(7)}  > ${JSON.stringify(event)}`);
    const commands = this.directory.handle(event);
    let refused = false;
    let freed = 0;
    for (const command of commands) {
      this.trace(() => `             ${JSON.stringify(command)}`);
      if (event.type === "roomNeeded" && (command.type === "drop" || command.type === "spill")) {
        freed += command.bytes;
        this.mayGo(command, event);
      }
      refused = this.carryOut(command, event) || refused;
    }
    if (event.type === "roomNeeded") {
      const enough = freed === 0 || freed >= event.bytes;
      check(enough, () => `${freed} of ${event.bytes} bytes are freed: everything or nothing`);
      if (freed === 0) this.noRoom(event);
    }
    return refused;
  }

  private carryOut(command: BlockCommand, event: BlockEvent): boolean {
    switch (command.type) {
      case "refuse":
        return event.type === "stored";
      case "drop": {
        const held = this.nodes.get(command.executor)?.held;
        check(held?.has(command.block) === true, () => `${command.executor} has no ${command.block} to drop`);
        held.delete(command.block);
        break;
      }
      case "spill": {
        const node = this.nodes.get(command.executor);
        const held = node?.held.get(command.block);
        check(node !== undefined && held !== undefined, () => `no ${command.block} to spill`);
        held.spilling = true;
        const bytes = held.memory;
        this.clock.after(this.random.int(0, 30), () => {
          if (this.nodes.get(node.id) !== node || node.held.get(command.block) !== held) return;
          held.disk = bytes;
          held.memory = 0;
          held.spilling = false;
          this.send({ type: "spilled", block: command.block, executor: node.id, diskBytes: bytes });
        });
        break;
      }
      case "replicate": {
        const { block, from, to } = command;
        const source = this.nodes.get(from)?.held.get(block);
        const target = this.nodes.get(to);
        check(
          from !== to && source !== undefined && target !== undefined,
          () => `${block} cannot go from ${from} to ${to}`,
        );
        check(!target.held.has(block), () => `${to} has ${block} already`);
        this.clock.after(this.random.int(1, 100), () => {
          if (this.nodes.get(to) !== target) return;
          const bytes = source.memory + source.disk;
          const fits = this.used(target) + bytes <= ROOM;
          const group = this.groups.find(({ id }) => block.startsWith(`${id}_`))!;
          if (this.nodes.get(from)?.held.get(block) !== source || (!fits && !group.level.useDisk))
            this.send({ type: "replicationFailed", block, to });
          else this.report(target, block, group, bytes, fits, true);
        });
        break;
      }
      case "gone":
        check(this.directory.locations(command.block).length === 0, () => `${command.block} is gone, but has a place`);
    }
    return false;
  }

  /** An eviction must be allowed, in order, and by level. */
  private mayGo(
    { type, executor, block }: Extract<BlockCommand, { type: "drop" | "spill" }>,
    event: Extract<BlockEvent, { type: "roomNeeded" }>,
  ): void {
    this.evicted++;
    const { held } = this.nodes.get(executor)!;
    const victim = held.get(block);
    check(executor === event.executor && victim !== undefined, () => `${block} is not on ${event.executor}`);
    check(victim.memory > 0 && victim.pins === 0, () => `${block} is in use, or not in memory`);
    const groupOf = (id: string) => this.groups.find((group) => id.startsWith(`${group.id}_`))!;
    check(groupOf(block).id !== event.group, () => `${block} makes room for its own group`);
    check((type === "spill") === groupOf(block).level.useDisk, () => `${type} of ${block} against its level`);
    for (const [other, copy] of held) {
      const allowed = copy.memory > 0 && copy.pins === 0 && !copy.spilling && groupOf(other).id !== event.group;
      check(!(allowed && copy.usedAt < victim.usedAt), () => `${other} was used before ${block}`);
    }
  }
  /** Nothing is evicted only when all that may go is not enough. */
  private noRoom({ executor, bytes, group }: Extract<BlockEvent, { type: "roomNeeded" }>): void {
    let possible = 0;
    for (const [block, copy] of this.nodes.get(executor)?.held ?? []) {
      if (copy.pins === 0 && !copy.spilling && !(group !== undefined && block.startsWith(`${group}_`)))
        possible += copy.memory;
    }
    check(possible < bytes, () => `${executor} could free ${possible} of ${bytes} bytes and does not`);
  }
  private used(node: Node): number {
    let bytes = 0;
    for (const { memory } of node.held.values()) bytes += memory;
    return bytes;
  }

  /** The directory's books and the world's are the same once everything has settled. */
  private agree(): void {
    const { directory } = this;
    for (const { id, held } of this.nodes.values()) {
      let memory = 0;
      let disk = 0;
      for (const [block, copy] of held) {
        memory += copy.memory;
        disk += copy.disk;
        check(directory.locations(block).includes(id), () => `nobody knows that ${id} holds ${block}`);
        check(directory.inMemory(block, id) === copy.memory > 0, () => `${block} on ${id}: memory or disk?`);
      }
      check(
        directory.memoryBytes(id) === memory,
        () => `${id}: ${directory.memoryBytes(id)} of ${memory} bytes in memory`,
      );
      check(directory.diskBytes(id) === disk, () => `${id}: ${directory.diskBytes(id)} of ${disk} bytes on disk`);
    }
    for (const { id: group } of this.groups) {
      for (let p = 0; p < PARTITIONS; p++) {
        for (const place of directory.locations(`${group}_${p}`))
          check(this.nodes.get(place)?.held.has(`${group}_${p}`) === true, () => `${group}_${p} is not on ${place}`);
      }
    }
  }
}

/** Runs the schedule of a seed over a block directory; throws a Violation when something is wrong. */
export function simulateBlocks(
  seed: number,
  variant: DirectoryVariant = () => new BlockDirectory(),
  trace?: (line: string) => void,
): { readonly evicted: number } {
  return new BlockWorld(seed, variant(), (text) => trace?.(text())).run();
}
