import * as fc from "fast-check";

/**
 * What speaks against a property: undefined, or the report with the seed and the smallest counterexample. For properties
 * that say "if this, then that", which as expectations would be made only sometimes.
 */
export function counterexample<T>(property: fc.IProperty<T>, parameters: fc.Parameters<T> = {}): string | undefined {
  return fc.defaultReportMessage(fc.check(property, { includeErrorInReport: true, ...parameters }));
}
