import { batchGet } from "../aws/batch-get.ts";
import type { Db, Item, Key, Writes } from "../aws/dynamo.ts";
import type { RefusedLine } from "../stock-files/refusals.ts";
import { type Marks, SHOP } from "./fingerprints.ts";
import type { Beside, Mark, Ticket } from "./model.ts";
import { marks as stored } from "./stored.ts";
import { fingerprintKey, markKey } from "./table.ts";

/** A code by its marks: in its product and, where it is compared so, in the whole shop. */
export type Marked = Marks & { shop?: Marks };

type Known = ReadonlyMap<string, Mark>;

type Space = { space: string; marks: Marks };
const spacesOf = (productId: string, { fingerprint, twin, shop }: Marked): Space[] => [
  { space: productId, marks: { fingerprint, ...(twin === undefined ? {} : { twin }) } },
  ...(shop === undefined ? [] : [{ space: SHOP, marks: shop }]),
];

const keysIn = ({ space, marks }: Space): string[] =>
  [marks.fingerprint, marks.twin].flatMap((mac) => (mac === undefined ? [] : [fingerprintKey(space, mac).pk]));

/** Gives the keys under which a code is marked. Each is a write; codes of one secret share one of them. */
export const markKeysOf = (productId: string, code: Marked): string[] => spacesOf(productId, code).flatMap(keysIn);

/** Reads at the same time. Each is several calls, one after the other. */
const READERS = 4;

/** Reads all marks of these codes' fingerprints. Strongly. */
export async function readMarks(deps: Db<"inventory">, productId: string, codes: readonly Marked[]): Promise<Known> {
  const pks = [...new Set(codes.flatMap((code) => markKeysOf(productId, code)))];
  const share = Math.ceil(pks.length / READERS);
  const shares = Array.from({ length: READERS }, (_, index) => pks.slice(index * share, (index + 1) * share));
  const table = deps.tables.inventory;
  const found = await Promise.all(shares.map((some) => batchGet(deps.db, table, some.map(markKey), true)));
  return new Map(found.flat().map((item) => [String(item["pk"]), stored.read(item)]));
}

type Same = { ticket?: Ticket; refusal: Omit<RefusedLine, "line"> };

/**
 * Finds a known code that is the same as this one: with the same number and secret, or with the same secret where one
 * of the two has no number. `ticket`: the slot of this very code in its own product.
 */
export function sameAs(known: Known, productId: string, code: Marked): Same | undefined {
  for (const { space, marks } of spacesOf(productId, code)) {
    const itself = known.get(fingerprintKey(space, marks.fingerprint).pk);
    const twin = marks.twin === undefined ? undefined : known.get(fingerprintKey(space, marks.twin).pk);
    const isKnown = itself?.ticket !== undefined || (itself?.numbered ?? 0) > 0;
    const other = isKnown ? itself : twin?.ticket === undefined ? undefined : twin;
    if (other === undefined) continue;
    if (space !== SHOP || other.productId === undefined || other.productId === productId)
      return { ...(itself?.ticket === undefined ? {} : { ticket: itself.ticket }), refusal: { reason: "duplicate" } };
    return { refusal: { reason: "in_other_product", productId: other.productId } };
  }
  return undefined;
}

type Placed = { code: Marked & { codeId: string }; ticket: Ticket };

/**
 * Makes the writes that mark these codes. They fail if one of the codes is known: see `sameAs`. Codes with numbers are
 * counted under their secret, in one write for all of them.
 */
export function markWrites({ tables }: Db<"inventory">, productId: string, placed: readonly Placed[]): Writes {
  const numbered = new Map<string, number>();
  const puts = placed.flatMap(({ code, ticket }) =>
    spacesOf(productId, code).map(({ space, marks }) => {
      const { fingerprint, twin } = marks;
      const twinPk = twin === undefined ? undefined : fingerprintKey(space, twin).pk;
      if (twinPk !== undefined) numbered.set(twinPk, (numbered.get(twinPk) ?? 0) + 1);
      const about = space === SHOP ? { productId } : { beside: besideOf(code) };
      const item = stored.write(fingerprintKey(space, fingerprint), { ticket, codeId: code.codeId, ...about });
      return twin === undefined ? putAlone(tables.inventory, item) : putNumbered(tables.inventory, item);
    }),
  );
  return [...puts, ...[...numbered].map(([pk, many]) => countMore(tables.inventory, pk, many, productId))];
}

function besideOf({ twin, shop }: Marked): Beside {
  return {
    ...(twin === undefined ? {} : { twin }),
    ...(shop === undefined ? {} : { shop: shop.fingerprint }),
    ...(shop?.twin === undefined ? {} : { shopTwin: shop.twin }),
  };
}

/** Marks a code without a number: no other code may have its secret. */
const putAlone = (TableName: string, Item: Item): Writes[number] => ({
  Put: {
    TableName,
    Item,
    ConditionExpression: "attribute_not_exists(pk) OR numbered = :none",
    ExpressionAttributeValues: { ":none": 0 },
  },
});

const putNumbered = (TableName: string, Item: Item): Writes[number] => ({
  Put: { TableName, Item, ConditionExpression: "attribute_not_exists(pk)" },
});

const countMore = (TableName: string, pk: string, many: number, productId: string): Writes[number] => ({
  Update: {
    TableName,
    Key: markKey(pk),
    UpdateExpression: "SET v = :v, numbered = if_not_exists(numbered, :none) + :many, productId = :product",
    // A mark with a ticket is a code without a number.
    ConditionExpression: "attribute_not_exists(ticket)",
    ExpressionAttributeValues: { ":v": stored.version, ":none": 0, ":many": many, ":product": productId },
  },
});

/** To take a code out takes at most five writes: its slot, and two marks in each space. */
export const WRITES_TO_UNMARK = 5;

type Gone = { fingerprint: string; ticket: Ticket };

/**
 * Makes the writes that take out all marks of these codes. A mark goes only while it belongs to this code: the same
 * code may have come again in another import.
 */
export async function unmarkWrites(deps: Db<"inventory">, productId: string, codes: readonly Gone[]): Promise<Writes> {
  const TableName = deps.tables.inventory;
  const marks = await readMarks(deps, productId, codes);
  const fewer = new Map<string, number>();
  const deletes = codes.flatMap(({ fingerprint, ticket }) => {
    const own = fingerprintKey(productId, fingerprint);
    const { twin, shop, shopTwin } = marks.get(own.pk)?.beside ?? {};
    for (const pk of [macPk(productId, twin), macPk(SHOP, shopTwin)])
      if (pk !== undefined) fewer.set(pk, (fewer.get(pk) ?? 0) + 1);
    const keys = [own, ...(shop === undefined ? [] : [fingerprintKey(SHOP, shop)])];
    return keys.map((key) => takeOut(TableName, key, ticket));
  });
  return [...deletes, ...[...fewer].map(([pk, many]) => countFewer(TableName, pk, many))];
}

const takeOut = (TableName: string, key: Key, ticket: Ticket): Writes[number] => ({
  Delete: {
    TableName,
    Key: key,
    ConditionExpression: "ticket = :ticket",
    ExpressionAttributeValues: { ":ticket": ticket },
  },
});

const macPk = (space: string, mac: string | undefined): string | undefined =>
  mac === undefined ? undefined : fingerprintKey(space, mac).pk;

const countFewer = (TableName: string, pk: string, many: number): Writes[number] => ({
  Update: {
    TableName,
    Key: markKey(pk),
    UpdateExpression: "SET numbered = numbered - :many",
    ConditionExpression: "numbered >= :many",
    ExpressionAttributeValues: { ":many": many },
  },
});
