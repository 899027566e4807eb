/** Something happened that must never happen. */
export class Violation extends Error {}

export function check(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Violation(message());
}
