import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { sha256 } from "../kernel/ids.ts";
import { Listed, NewProduct } from "./model.ts";

/** All products lie in one partition: a catalogue is thousands of items, read a page at a time. */
export const PRODUCTS = "products";
export const listKey = (id: string): Key => ({ pk: PRODUCTS, sk: id });

/** How the keys of a product's versions and changes begin. */
export const PRODUCT = "product#";
export const VERSIONS = "version#";
export const CHANGES = "change#";
export const versionKey = (id: string, version: number): Key => ({
  pk: `${PRODUCT}${id}`,
  sk: `${VERSIONS}${String(version).padStart(6, "0")}`,
});
/**
 * The key of the note that says which version an idempotency key has made. A repeat finds that version, also if there
 * are later ones.
 */
export const changeKey = (id: string, key: string): Key => ({ pk: `${PRODUCT}${id}`, sk: `${CHANGES}${sha256(key)}` });

const said = z.object({ ...NewProduct.shape, id: z.string(), version: z.int().min(1) });

/** A product as it is now, as all may see it. */
export const products = stored("product", said.extend({ listing: Listed.exactOptional() }));
export const versions = stored("version of a product", said);

/** Why a product was taken off sale without a person. `told` once the others know. */
const unlisting = z.object({ reason: z.string(), at: z.string(), told: z.boolean() });
export type Unlisting = z.infer<typeof unlisting>;

/** What stands beside a product, or a version of one, and is for nobody else. `madeBy` is an idempotency key. */
const beside = z.object({
  requestHash: z.string().exactOptional(),
  madeBy: z.string().exactOptional(),
  unlisting: unlisting.exactOptional(),
});
export const besideProducts = stored("product", beside);

/** Which version a key has made, and what it asked for. Earlier versions of the software did not note what it asked for. */
export const changes = stored(
  "change of a product",
  z.object({ version: z.int().min(1), requestHash: z.string().exactOptional() }),
);
