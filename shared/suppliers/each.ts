import * as z from "zod";
import type { LeftOut } from "./contract.ts";

/** The longest catalogue that is read in one piece. What comes after is left out. */
const PRODUCTS_AT_MOST = 20_000;

/** A list whose members are read one by one. A list of lists, of numbers or of nothing is another answer. */
export const listOfObjects = z
  .array(z.unknown())
  .refine(
    (list) => list.length === 0 || list.some((one) => typeof one === "object" && one !== null && !Array.isArray(one)),
  );

/**
 * Reads each product of a catalogue by itself. An odd one is left out and named, and never stops the others. `nameOf`
 * finds the product's id in whatever came; undefined if that can't be read either.
 */
export function readEach<T>(
  products: readonly unknown[],
  schema: z.ZodType<T>,
  nameOf: (product: unknown) => string | undefined,
): { read: T[]; leftOut: LeftOut[] } {
  const read: T[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, product] of products.entries()) {
    const name = (): string => nameOf(product) ?? `#${index + 1}`;
    if (index >= PRODUCTS_AT_MOST) {
      leftOut.push({ name: name(), field: "catalogue_too_long" });
      continue;
    }
    const parsed = schema.safeParse(product);
    if (parsed.success) read.push(parsed.data);
    else leftOut.push({ name: name(), field: fieldOf(parsed.error) });
  }
  return { read, leftOut };
}

/** Our schema's own names, never what the supplier sent. */
function fieldOf({ issues }: z.ZodError): string {
  const names = (issues[0]?.path ?? []).filter((part) => typeof part === "string");
  return names.length === 0 ? "product" : names.join(".");
}

/** Reads the member that holds a product's id, if it can be read. */
export function memberOf(product: unknown, member: string, schema: z.ZodType<string>): string | undefined {
  if (typeof product !== "object" || product === null) return undefined;
  return schema.safeParse((product as Record<string, unknown>)[member]).data;
}
