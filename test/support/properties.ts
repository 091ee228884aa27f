import * as fc from "fast-check";

/**
 * What speaks against a property: undefined, or the report with the seed and the smallest counterexample. For properties
 * that say "if this, then that", which as expectations would be made only sometimes.
 */
export function counterexample<T>(property: fc.IProperty<T>, parameters: fc.Parameters<T> = {}): string | undefined {
  return fc.defaultReportMessage(fc.check(property, { includeErrorInReport: true, ...parameters }));
}

/** The same for a property that has to wait for its answer. */
export async function counterexampleOf<T>(
  property: fc.IAsyncProperty<T>,
  parameters: fc.Parameters<T> = {},
): Promise<string | undefined> {
  return fc.defaultReportMessage(await fc.check(property, { includeErrorInReport: true, ...parameters }));
}
