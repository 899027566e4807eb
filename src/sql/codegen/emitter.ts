export interface Emitter {
  readonly todo?: never;
}
