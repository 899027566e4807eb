/** Whether a task's result names blocks that lie in files or in the memory of the executor that made it. */
export function namesBlocks(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some(namesBlocks);
  if (value instanceof Map) return [...value.values()].some(namesBlocks);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  if ("file" in value || "remote" in value) return true;
  return Object.values(value).some(namesBlocks);
}
