import { fileURLToPath } from "node:url";

/** A place in the user's program; the stack is only read when an error needs it. */
export interface CallSite {
  readonly method: string;
  readonly stack?: string;
}

/** Remembers where the user called `entry` (which is left out together with everything it calls). */
export function captureCallSite(entry: (...args: never[]) => unknown): CallSite {
  const site = { method: entry.name };
  Error.captureStackTrace(site, entry);
  return site;
}

/** "file:line:column" of the first frame outside of kindling, undefined where there is none. */
export function describeCallSite(site: CallSite | undefined): string | undefined {
  const stack = site?.stack;
  if (stack === undefined) return undefined;
  const frames = stack.split("\n").slice(1);
  for (const frame of frames) {
    const place =
      /\(?((?:file:\/\/)?\/[^()]*:\d+:\d+)\)?$/.exec(frame)?.[1] ?? /\(?([A-Za-z]:[^()]*:\d+:\d+)\)?$/.exec(frame)?.[1];
    if (!place || own.test(place) || place.includes("node:internal")) continue;
    return place.startsWith("file://") ? place.replace(/^file:\/\/[^:]*/, (url) => fileURLToPath(url)) : place;
  }
  return undefined;
}
const here = import.meta.url;
const root = here.slice("file://".length, Math.max(here.lastIndexOf("/dist/"), here.lastIndexOf("/src/")));
const own = new RegExp(`^(?:file://)?${root.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}/(?:src|dist)/`);
