import type { ParamType } from "./param-types.js";
import type { ParamValidator } from "./param-validators.js";

/** What a default may depend on: the instance's uid (`outputCol`) and the Java class name (`seed`). */
export interface ParamOwner {
  readonly uid: string;
  readonly javaClass: string;
}

/** One param of a stage, declared once: setters, getters, options, explanation and persistence follow from it. */
export interface ParamDeclaration<T> {
  readonly type: ParamType;
  readonly doc: string;
  readonly default?: T | ((owner: ParamOwner) => T);
  readonly valid?: ParamValidator<T>;
}

// `any`: a declaration is invariant in its value type, and a table of declarations holds many.
// oxlint-disable-next-line no-explicit-any
export type ParamDeclarations = Readonly<Record<string, ParamDeclaration<any>>>;
export type ParamValue<D> = D extends ParamDeclaration<infer T> ? T : never;

/** Options object of a stage: any of its params by name; `undefined` leaves the default. */
export type ParamOptions<P extends ParamDeclarations> = { readonly [K in keyof P]?: ParamValue<P[K]> | undefined };

/** A `Param` per declared name (`lr.maxIter`) and its getter (`getMaxIter()`): what abstract stages merge in. */
export type ParamReaders<P extends ParamDeclarations> = { readonly [K in keyof P]: Param<ParamValue<P[K]>> } & {
  [K in keyof P & string as `get${Capitalize<K>}`]: () => ParamValue<P[K]>;
};

/**
 * Everything a concrete stage gets from its declaration: a `Param` per name (`lr.maxIter`), `getMaxIter()`, `setMaxIter(value)`.
 * Merge it into the class: `export interface Binarizer extends ParamAccess<typeof params, Binarizer> {}`.
 */
export type ParamAccess<P extends ParamDeclarations, Self> = ParamReaders<P> & {
  [K in keyof P & string as `set${Capitalize<K>}`]: (value: ParamValue<P[K]>) => Self;
};

/** Declares the params of a stage; spread shared declarations (`...hasMaxIter`) and override what differs. */
export const declareParams = <P extends ParamDeclarations>(params: P): P => params;

/** A named parameter of one stage instance: the key of a {@link ParamMap}. */
export class Param<T> {
  constructor(
    /** uid of the stage it belongs to. */
    readonly parent: string,
    readonly name: string,
    readonly declaration: ParamDeclaration<T>,
  ) {}

  get doc(): string {
    return this.declaration.doc;
  }

  /** `parent__name`, unique among all stages. */
  toString(): string {
    return `${this.parent}__${this.name}`;
  }
}
