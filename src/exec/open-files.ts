import { readdirSync, readlinkSync } from "node:fs";

/** Files below a folder that this process has open; empty where the system does not tell. */
export function openFilesBelow(folder: string): string[] {
  const open: string[] = [];
  let descriptors: string[] = [];
  try {
    descriptors = readdirSync("/proc/self/fd");
  } catch {
    return open;
  }
  for (const descriptor of descriptors) {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      if (path.startsWith(`${folder}/`)) open.push(path);
    } catch {
      // Closed since it was listed.
    }
  }
  return open;
}
