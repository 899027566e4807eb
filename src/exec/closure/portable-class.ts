/** A class of kindling's own whose instances travel inside closures: how to take one apart and put it together again. */
export interface PortableClass<T = unknown> {
  readonly name: string;
  readonly matches: (value: unknown) => value is T;
  /** Parts that are themselves values a closure may hold. */
  readonly take: (value: T) => unknown;
  readonly make: (parts: unknown) => T;
}

const classes = new Map<string, PortableClass>();

/** Registers the class at module load, on the driver and on workers. */
export function definePortableClass<T>(portable: PortableClass<T>): PortableClass<T> {
  classes.set(portable.name, portable as unknown as PortableClass);
  return portable;
}
export const portableClassOf = (value: unknown): PortableClass | undefined =>
  [...classes.values()].find((portable) => portable.matches(value));
export const portableClass = (name: string): PortableClass => {
  const found = classes.get(name);
  if (!found) throw new Error(`no portable class "${name}" is registered`);
  return found;
};
