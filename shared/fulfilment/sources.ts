import type { Db } from "../aws/dynamo.ts";
import { supplierSources } from "../catalog/model.ts";
import { findVersion } from "../catalog/products.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Rate } from "../kernel/convert.ts";
import { Fault } from "../kernel/fault.ts";
import type { Money } from "../kernel/money.ts";
import { didNothing, type Line, type Order } from "../orders/model.ts";
import { type Known, knownSuppliers, mayCall, sickUntil } from "../suppliers/health.ts";
import { readMarket } from "../suppliers/market.ts";
import { mostPiecesOf } from "../suppliers/registry.ts";
import { type Choice, chooseSource } from "./choose-source.ts";

export type SourceDeps = Db<"catalog" | "operations"> & { clock: Clock };

/** The source that is called now, for a first attempt or for the one that is under way. */
export type NextSource =
  | { kind: "source"; known: Known; supplierProductId: string; cost?: Money; rate?: Rate }
  | Exclude<Choice, { kind: "source" }>;

/**
 * Finds the next source of an open line. An attempt that may have reached its supplier goes on there, under its
 * reference; otherwise the product's strategy decides among those that may be called. Taking a sick one means that its
 * probe was won.
 */
export async function nextSource(deps: SourceDeps, order: Order, line: Line): Promise<NextSource> {
  const { attempt } = line;
  if (attempt !== undefined && !didNothing(attempt)) return sameAgain(deps, line, attempt);
  const version = await findVersion(deps, line.productId, line.productVersion);
  if (version === undefined) throw new Fault("product_missing", `there is no product ${line.productId}`);
  // An operator said where to buy it: no other source is tried, and the cost is not checked again.
  const product = line.source === undefined ? version : { ...version, sources: [{ ...line.source, unguarded: true }] };
  const sources = supplierSources(product);
  const lost = new Map<string, string>();
  for (;;) {
    const now = deps.clock();
    const known = await knownSuppliers(
      deps,
      sources.map(({ supplierId }) => supplierId),
    );
    const sick = [...known].flatMap(([id, { health }]) => {
      const until = sickUntil(health, now) ?? lost.get(id);
      return until === undefined ? [] : [[id, until] as const];
    });
    const choice = chooseSource(
      product,
      line,
      { orderId: order.id, currency: order.total.currency },
      {
        ...(await readMarket(deps, sources, now)),
        sickUntil: new Map(sick),
        mostPieces: new Map([...known].map(([id, { supplier }]) => [id, mostPiecesOf(supplier.protocol)])),
      },
      now,
    );
    if (choice.kind !== "source") return choice;
    const { source, ...expected } = choice;
    const { supplierId, supplierProductId } = source;
    const chosen = known.get(supplierId);
    if (chosen === undefined) throw new Fault("supplier_missing", `there is no supplier ${supplierId}`);
    if (await mayCall(deps, chosen, now)) return { ...expected, known: chosen, supplierProductId };
    // Another caller probes it. Until that is over it counts as sick.
    lost.set(supplierId, new Date(now.getTime() + PROBE_MS).toISOString());
  }
}

/** A probe is over after its call's time limit at the latest. */
const PROBE_MS = 5_000;

async function sameAgain(
  deps: SourceDeps,
  line: Line,
  { supplierId, supplierProductId, retryAt }: NonNullable<Line["attempt"]>,
): Promise<NextSource> {
  if (retryAt !== undefined && retryAt > deps.clock().toISOString())
    return { kind: "later", until: retryAt, patiently: false };
  const known = (await knownSuppliers(deps, [supplierId])).get(supplierId);
  if (known === undefined) throw new Fault("supplier_missing", `there is no supplier ${supplierId} of line ${line.id}`);
  return { kind: "source", known, supplierProductId };
}
