import { AnalysisException } from "../../common/index.js";
import { FractionalType } from "./atomic-types.js";

/** Decimal number of at most `precision` digits, `scale` of them after the point. */
export class DecimalType extends FractionalType {
  protected readonly names: readonly [string];
  static readonly MAX_PRECISION = 38;

  constructor(
    readonly precision: number = 10,
    readonly scale: number = 0,
  ) {
    super();
    this.names = [`decimal(${precision},${scale})`];
    if (scale > precision) {
      throw new AnalysisException(`Decimal scale (${scale}) cannot be greater than precision (${precision}).`, {
        condition: "DECIMAL_SCALE_EXCEEDS_PRECISION",
        parameters: { scale: String(scale), precision: String(precision) },
      });
    }
    if (precision > DecimalType.MAX_PRECISION) {
      throw new AnalysisException(
        `Decimal precision ${precision} exceeds max precision ${DecimalType.MAX_PRECISION}.`,
        {
          condition: "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
          sqlState: "22003",
          parameters: { precision: String(precision), maxPrecision: String(DecimalType.MAX_PRECISION) },
        },
      );
    }
  }
  override equals(other: unknown): boolean {
    return other instanceof DecimalType && other.precision === this.precision && other.scale === this.scale;
  }
  override toString(): string {
    return `DecimalType(${this.precision},${this.scale})`;
  }
}
