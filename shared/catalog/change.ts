import * as z from "zod";
import { type Difference, differences } from "../audit/differences.ts";
import type { Db } from "../aws/dynamo.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { isObject, merged } from "../kernel/merge.ts";
import { Money } from "../kernel/money.ts";
import { ok, pointersOf, type Result, refuse } from "../kernel/problem.ts";
import { ProductLimits } from "../limits/model.ts";
import { Names, Redemption, Texts } from "./description.ts";
import type { ProductVersion } from "./model.ts";
import { NewProduct } from "./new-product.ts";
import { askedAgain, findCurrent, findMadeBy } from "./products.ts";

const { kind, name, retailPrice, sources, strategy, holdSeconds, sharesCodes, deliverWithinSeconds, whenLate } =
  NewProduct.shape;
const { categories, tags, regions, validity, refundRule, floor, belowCost, visibleTo, priceRule } = NewProduct.shape;
const { url, codeInUrl } = Redemption.shape;
/** A text in some languages, of which a change may name one, and null takes one away. */
const inParts = ({ shape: { zh, en } }: typeof Texts | typeof Names) =>
  z.strictObject({ zh: zh.nullable(), en: en.nullable() }).partial().nullable();
const { perOrder, perBuyer, perChannel, total, utcOffset } = ProductLimits.shape;

/**
 * A change of a product: it names the fields that change. Other fields stay as they are, and null takes a rule away. Each limit is a
 * field of its own, and so is each language of a text; a list is one field.
 */
export const ProductChange = z
  .strictObject({
    kind,
    name,
    price: z
      .strictObject(Money.partial({ currency: true }).shape)
      .meta({ description: "The currency stays unless it is named." }),
    retailPrice: retailPrice.nullable(),
    floor: floor.nullable(),
    belowCost: belowCost.nullable(),
    visibleTo: visibleTo.nullable(),
    priceRule: priceRule.nullable(),
    sources: sources.nullable(),
    strategy: strategy.nullable(),
    holdSeconds: holdSeconds.nullable(),
    sharesCodes: sharesCodes.nullable(),
    limits: z
      .strictObject({
        perOrder: perOrder.nullable(),
        perBuyer: perBuyer.nullable(),
        perChannel: perChannel.nullable(),
        total: total.nullable(),
        utcOffset: utcOffset.nullable(),
      })
      .partial()
      .nullable(),
    deliverWithinSeconds: deliverWithinSeconds.nullable(),
    whenLate: whenLate.nullable(),
    redemption: z
      .strictObject({
        instructions: inParts(Texts),
        url: url.nullable(),
        codeInUrl: codeInUrl.nullable(),
      })
      .partial()
      .nullable(),
    names: inParts(Names),
    description: inParts(Texts),
    categories: categories.nullable(),
    tags: tags.nullable(),
    regions: regions.nullable(),
    validity: validity.nullable(),
    refundRule: refundRule.nullable(),
  })
  .partial();
export type ProductChange = z.infer<typeof ProductChange>;

/** `same`: the product is that already, or this key has made it so. `next`: a version to be made of it. */
export type Planned =
  | { kind: "same"; product: ProductVersion; changes: Difference[] }
  | { kind: "next"; before: ProductVersion; next: NewProduct; changes: Difference[]; requestHash: string };

/**
 * Plans a change of a product at the version `base`. At another version it is refused, because two changes at once
 * would lose one. A repeat under the key finds what the key has made, whatever `base` it says: somebody who reads the
 * product again finds another version there.
 */
export async function planChange(
  deps: Db<"catalog">,
  id: string,
  { base, change }: { base: number; change: ProductChange },
  key: string,
): Promise<Result<Planned>> {
  const current = await findCurrent(deps, id);
  if (current === undefined) return refuse("not_found", "There is no such product.");
  const requestHash = fingerprintOf(change);
  const made = await findMadeBy(deps, id, base, key);
  if (made !== undefined) {
    const again = askedAgain(made, requestHash);
    if (!again.ok) return again;
    return ok({ kind: "same", product: made.product, changes: differences(made.before, made.product) });
  }
  if (current.version !== base)
    return refuse("changed_meanwhile", `The product is at version ${current.version} by now; look at it again.`);
  if (change.kind !== undefined && change.kind !== current.kind)
    return refuse("wrong_kind", "A product stays of the kind that it is.");
  const { id: _id, version: _version, listing: _listing, ...content } = current;
  const next = NewProduct.safeParse(withoutEmpty(merged(withoutWhole(content, change), change)));
  if (!next.success)
    return refuse(
      "invalid_request",
      "The change would make a product that can't be.",
      pointersOf(next.error.issues, "/change"),
    );
  const changes = differences(content, next.data);
  if (changes.length === 0) return ok({ kind: "same", product: current, changes });
  return ok({ kind: "next", before: current, next: next.data, changes, requestHash });
}

/** Members that a change replaces as a whole, because their parts make sense together only. */
const WHOLE = ["validity", "refundRule", "priceRule"] as const satisfies (keyof ProductChange)[];

/** Leaves out of a product what the change replaces as a whole. */
function withoutWhole(content: object, change: ProductChange): object {
  const replaced: readonly string[] = WHOLE.filter((name) => change[name] !== undefined);
  return Object.fromEntries(Object.entries(content).filter(([name]) => !replaced.includes(name)));
}

/**
 * Removes empty rules: a product without its last limit has none, and without its last source it is sold from stock.
 */
function withoutEmpty(product: unknown): unknown {
  if (!isObject(product)) return product;
  const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;
  const entries = Object.entries(product)
    .map(([name, value]) => [name, withoutEmpty(value)] as const)
    .filter(([, value]) => !isEmpty(value) && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(entries);
}
