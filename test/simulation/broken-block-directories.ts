import { BlockDirectory, type BlockCommand, type BlockEvent } from "../../src/exec/core/block-directory.js";
import type { DirectoryVariant } from "./block-world.js";

class Tampered extends BlockDirectory {
  constructor(
    private readonly hear: (event: BlockEvent) => BlockEvent,
    private readonly say: (commands: BlockCommand[]) => BlockCommand[],
  ) {
    super();
  }
  override handle(event: BlockEvent): BlockCommand[] {
    return this.say(super.handle(this.hear(event)));
  }
}
const same = <T>(value: T): T => value;
const nothing: BlockEvent = { type: "unpinned", block: "", executor: "" };
const deaf =
  (type: BlockEvent["type"]): DirectoryVariant =>
  () =>
    new Tampered((event) => (event.type === type ? nothing : event), same);

/** Directories that are wrong on purpose, by what is wrong with them. */
export const brokenBlockDirectories: Readonly<Record<string, DirectoryVariant>> = {
  "does not notice that an executor is lost": deaf("executorRemoved"),
  "does not notice which block was used last": deaf("used"),
  "does not respect pins": deaf("pinned"),
  "does not notice that a spill is done": deaf("spilled"),
  "does not release groups": deaf("groupReleased"),
  "never evicts": deaf("roomNeeded"),
  "makes room with the group that asks for it": () =>
    new Tampered((event) => {
      if (event.type !== "roomNeeded") return event;
      const { group: _group, ...rest } = event;
      return rest;
    }, same),
  "drops what it should spill": () =>
    new Tampered(same, (commands) =>
      commands.map((command) => (command.type === "spill" ? { ...command, type: "drop" } : command)),
    ),
  "makes more copies than asked for": () =>
    new Tampered(
      (event) =>
        event.type === "stored"
          ? { ...event, level: { ...event.level, replication: event.level.replication + 1 } }
          : event,
      same,
    ),
};
