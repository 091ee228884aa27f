import { createProduct } from "../../shared/catalog/products.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { sellSlot } from "../../shared/inventory/slots.ts";
import { drawTickets } from "../../shared/inventory/tickets.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { type Figures, figure } from "./report.ts";

const CLAIMERS = 200;
const CODES = 100;
const BUYER = { channelId: "chan_bench" };

/**
 * 200 claimers at once on 100 codes, each for one: ticket, then slot, in a process that knows the product's ranges. Those who
 * come too late are told so, which is an answer and not a conflict: their calls are counted apart.
 */
export async function claims(own: OwnTables): Promise<Figures> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack: own.stack });
  const price = { amount: 1500, currency: "CNY" };
  const { id } = valueOf(await createProduct(deps, { kind: "code", name: "Bench code", price }, newId("req")));
  valueOf(await importCodes(deps, id, ["secret", ...makeCodes(CODES + 1)].join("\n"), { dryRun: false }));

  const claim = async (): Promise<string | undefined> => {
    const [ticket] = await drawTickets(deps, { productId: id, quantity: 1, buyer: BUYER, seed: 0 }, new Date());
    if (ticket === undefined) return undefined;
    const slot = await sellSlot(deps, ticket, newId("ord"), new Date());
    return slot?.codeId;
  };
  await claim();
  meter.take();
  const claimers = Array.from({ length: CLAIMERS }, (_, index) => String(index));
  const codes = await Promise.all(claimers.map((claimer) => meter.as(claimer, claim)));
  const buyers = new Set(claimers.filter((_, index) => codes[index] !== undefined));
  if (buyers.size !== CODES || new Set(codes).size !== CODES + 1)
    throw new Error("a code was sold twice, or not at all");

  const calls = meter.take();
  const ofBuyers = calls.filter(({ by = "" }) => buyers.has(by));
  const conflicts = calls.filter(({ by = "", error, input }) => {
    const isRefused = error?.name === "ConditionalCheckFailedException";
    return isRefused && (buyers.has(by) || !isAboutNoStock(input, error.Item));
  });
  const late = CLAIMERS - CODES;
  return {
    "claim.failed_per_sold": figure(
      conflicts.length / CODES,
      "failed conditions per code sold, those of an empty stock apart",
      3,
    ),
    "claim.calls_per_sold": figure(ofBuyers.length / CODES, "calls per code sold"),
    "claim.calls_per_refusal": figure(
      (calls.length - ofBuyers.length) / late,
      "calls for each who came too late, in the same instant",
    ),
  };
}

/** The range was empty, or the mark that says so was already set. */
function isAboutNoStock(input: Record<string, unknown>, item: unknown): boolean {
  const { pk } = input["Key"] as { pk: string | { S: string } };
  const key = typeof pk === "string" ? pk : pk.S;
  if (key.startsWith("stock#")) return true;
  return key.startsWith("range#") && (item as { left?: { N?: string } } | undefined)?.left?.N === "0";
}
