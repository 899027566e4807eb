// Prints the lines of code per room of src/ (and test/, bench/, examples/): number of files, lines, median, longest.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const rooms = new Map();
for (const top of ["src", "test", "bench", "examples"]) {
  for (const entry of readdirSync(join(root, top), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const path = relative(root, join(entry.parentPath, entry.name));
    const parts = path.split("/");
    const room = parts
      .slice(0, parts[0] === "src" ? Math.min(parts.length - 1, /^(sql|ml)$/.test(parts[1]) ? 3 : 2) : 1)
      .join("/");
    const lines = readFileSync(join(root, path), "utf8").split("\n").length - 1;
    rooms.set(room, [...(rooms.get(room) ?? []), lines]);
  }
}
const cell = (value, width) => String(value).padStart(width);
console.log(`${"folder".padEnd(24)}${cell("files", 8)}${cell("lines", 8)}${cell("median", 8)}${cell("longest", 8)}`);
for (const [room, lines] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) {
  lines.sort((a, b) => a - b);
  const total = lines.reduce((sum, n) => sum + n, 0);
  const median = lines[Math.floor(lines.length / 2)];
  console.log(`${room.padEnd(24)}${cell(lines.length, 8)}${cell(total, 8)}${cell(median, 8)}${cell(lines.at(-1), 8)}`);
}
