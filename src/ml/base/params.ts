import { NoSuchElementException } from "../../common/index.js";
import { type AnyParam, ParamMap, type ParamMapLike, toParamMap } from "./param-map.js";
import { Param, type ParamOwner } from "./param.js";
import { checkValue, showParamValue } from "./param-types.js";
import { stageDescriptor } from "./registry.js";
import { randomUid } from "./uid.js";

/**
 * Anything with params: stages, evaluators, tuners. The class's descriptor (`defineStage`) says which params there are.
 * Fields of subclasses must be plain (no `#private`): `copy` clones them.
 */
export abstract class Params {
  readonly uid: string;
  private paramTable = new Map<string, AnyParam>();
  private setValues = new Map<string, unknown>();
  private defaultValues = new Map<string, unknown>();

  constructor(options: Readonly<Record<string, unknown>> = {}, uid?: string) {
    const descriptor = stageDescriptor(this.constructor);
    this.uid = uid ?? randomUid(descriptor.uidPrefix);
    const owner: ParamOwner = { uid: this.uid, javaClass: descriptor.javaClass };
    for (const [name, declaration] of Object.entries(descriptor.params)) {
      this.paramTable.set(name, new Param(this.uid, name, declaration));
      const { default: value } = declaration;
      if (value !== undefined) this.defaultValues.set(name, typeof value === "function" ? value(owner) : value);
    }
    this.setParams(options);
  }

  /** All params, sorted by name. */
  get params(): readonly AnyParam[] {
    return [...this.paramTable.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  hasParam(name: string): boolean {
    return this.paramTable.has(name);
  }

  getParam(name: string): AnyParam {
    const param = this.paramTable.get(name);
    if (!param) {
      const known = this.params.map((p) => p.name).join(", ");
      throw new NoSuchElementException(`Param ${name} does not exist; ${this.uid} has: ${known}`);
    }
    return param;
  }

  /** Whether the param was set by the user (a default does not count). */
  isSet(param: AnyParam | string): boolean {
    return this.setValues.has(this.own(param).name);
  }

  hasDefault(param: AnyParam | string): boolean {
    return this.defaultValues.has(this.own(param).name);
  }

  isDefined(param: AnyParam | string): boolean {
    return this.isSet(param) || this.hasDefault(param);
  }

  /** The value that was set, or else the default, or else undefined. */
  get<T>(param: Param<T>): T | undefined;
  get(param: string): unknown;
  get(param: AnyParam | string): unknown {
    const { name } = this.own(param);
    return this.setValues.has(name) ? this.setValues.get(name) : this.defaultValues.get(name);
  }

  /** The value that was set, or else the default; throws when there is neither. */
  getOrDefault<T>(param: Param<T>): T;
  getOrDefault(param: string): unknown;
  getOrDefault(param: AnyParam | string): unknown {
    const { name } = this.own(param);
    if (!this.isDefined(name)) {
      throw new NoSuchElementException(`Failed to find a default value for ${name}; set it on ${this.uid} first`);
    }
    return this.get(name);
  }

  /** Sets a param; the value is checked now, before any data is touched. */
  set<T>(param: Param<T>, value: T): this;
  set(param: string, value: unknown): this;
  set(param: AnyParam | string, value: unknown): this {
    const own = this.own(param);
    this.setValues.set(own.name, checkValue(own, value));
    return this;
  }

  /** Sets several params by name; `undefined` values are left out. */
  setParams(options: Readonly<Record<string, unknown>>): this {
    for (const [name, value] of Object.entries(options)) if (value !== undefined) this.set(name, value);
    return this;
  }

  /** Changes an instance's default, for classes whose default differs from the declared one. */
  setDefault(name: string, value: unknown): this {
    this.defaultValues.set(this.own(name).name, value);
    return this;
  }

  clear(param: AnyParam | string): this {
    this.setValues.delete(this.own(param).name);
    return this;
  }

  /** Name, doc, default and current value of one param. */
  explainParam(param: AnyParam | string): string {
    const { name, doc, declaration } = this.own(param);
    const show = (value: unknown): string => showParamValue(declaration.type, value);
    const values: string[] = [];
    if (this.defaultValues.has(name)) values.push(`default: ${show(this.defaultValues.get(name))}`);
    if (this.setValues.has(name)) values.push(`current: ${show(this.setValues.get(name))}`);
    return `${name}: ${doc} (${values.length === 0 ? "undefined" : values.join(", ")})`;
  }

  explainParams(): string {
    return this.params.map((param) => this.explainParam(param)).join("\n");
  }

  /** Defaults, overridden by what was set, overridden by `extra`. */
  extractParamMap(extra?: ParamMapLike): ParamMap {
    const own = this.params.filter((param) => this.isDefined(param)).map((param) => [param, this.get(param)] as const);
    return new ParamMap([...own, ...this.paramMapOf(extra)]);
  }

  /** An independent copy with the same uid; `extra` overrides params of this stage. */
  copy(extra?: ParamMapLike): this {
    const that = Object.assign(Object.create(Object.getPrototypeOf(this) as object), this) as this;
    that.setValues = new Map(this.setValues);
    that.defaultValues = new Map(this.defaultValues);
    for (const [param, value] of this.paramMapOf(extra)) {
      if (param.parent === this.uid && this.hasParam(param.name)) that.set(param, value);
    }
    return that;
  }

  /** Gives `to` the defaults and values of this stage, for the params that `to` has too, and returns it. */
  copyValues<T extends Params>(to: T): T {
    for (const [name, value] of this.defaultValues) if (to.hasParam(name)) to.setDefault(name, value);
    for (const [name, value] of this.setValues) if (to.hasParam(name)) to.set(name, value);
    return to;
  }

  toString(): string {
    return this.uid;
  }

  /** Params set by the user and their values, sorted by name: what is saved under `paramMap`. */
  setParamValues(): readonly (readonly [AnyParam, unknown])[] {
    return this.params.filter((p) => this.setValues.has(p.name)).map((p) => [p, this.setValues.get(p.name)] as const);
  }

  /** Defaults, sorted by name: what is saved under `defaultParamMap`. */
  defaultParamValues(): readonly (readonly [AnyParam, unknown])[] {
    return this.params
      .filter((p) => this.defaultValues.has(p.name))
      .map((p) => [p, this.defaultValues.get(p.name)] as const);
  }

  /** `extra` as a param map, plain names being params of this stage; for stages that hand it on to others. */
  protected paramMapOf(extra: ParamMapLike | undefined): ParamMap {
    return toParamMap(extra, (name) => this.getParam(name));
  }

  private own(param: AnyParam | string): AnyParam {
    if (typeof param === "string") return this.getParam(param);
    if (param.parent !== this.uid) {
      throw new NoSuchElementException(`Param ${String(param)} does not belong to ${this.uid}`);
    }
    return this.getParam(param.name);
  }
}
