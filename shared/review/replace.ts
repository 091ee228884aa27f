import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/kinds.ts";
import { type ProductVersion, supplierSources } from "../catalog/model.ts";
import { findProducts } from "../catalog/products.ts";
import { settled } from "../fulfilment/outcome.ts";
import { giveBack } from "../inventory/give-back.ts";
import type { Ticket } from "../inventory/model.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import { drawFor } from "../orders/draw.ts";
import { dropping, type Line, type Order, withLine } from "../orders/model.ts";
import { moveOrder } from "../orders/table.ts";
import { findSupplier } from "../suppliers/find.ts";
import type { Replacement } from "./decision.ts";
import { addedWorth, type Stake } from "./second-person.ts";

export type ReplaceDeps = OrderDeps & Db<"catalog" | "operations">;

/**
 * Gives the buyer something else for a line, at the price that was paid. The line itself becomes the replacement, so
 * the code that delivers, shows or gives it back needs not know; the line remembers what was bought. Its attempts so
 * far become history.
 */
export async function replaceLine(
  deps: ReplaceDeps,
  order: Order,
  line: Line,
  replacement: Replacement,
  { amounts }: Stake,
): Promise<Result<Order>> {
  const productId = replacement.productId ?? line.productId;
  const [product] = await findProducts(deps, [productId]);
  if (product === undefined) return refuse("unknown_product", "There is no such product.");
  const fits = await checkFit(deps, line, product, replacement);
  if (!fits.ok) return fits;

  const tickets = replacement.from === "stock" ? await drawAll(deps, order, product.id, line.quantity) : ok(undefined);
  if (!tickets.ok) return tickets;
  const fresh = becoming(line, product, replacement, tickets.value);
  const now = deps.clock();
  const decided = { action: "replace", by: "operator", at: now.toISOString() } as const;
  const counted = addedWorth(order, amounts);
  const change = { ...settled(order, withLine(order, fresh), now), decided, ...counted };
  const moved = await moveOrder(deps, order, { ...change, ...droppedBy(order, line) });
  if (moved.ok) return ok(await advance(deps, moved.order));
  await giveBackUnnamed(deps, moved.order, tickets.value ?? []);
  return refuse("busy", "The order changed while you decided; look again.");
}

/** Checks whether this product can be bought that way for this buyer. */
async function checkFit(
  deps: ReplaceDeps,
  line: Line,
  product: ProductVersion,
  replacement: Replacement,
): Promise<Result<undefined>> {
  if (replacement.from === "stock")
    return isStocked(product.kind) ? ok(undefined) : refuse("wrong_kind", "A top-up has no stock.");
  if (!isStocked(product.kind) && line.recipient === undefined)
    return refuse("recipient_required", "The order names nobody whom a top-up could go to.");
  if (replacement.from === "product" && supplierSources(product).length === 0)
    return refuse("wrong_kind", "That product has no supplier: take it from stock.");
  if (replacement.from === "supplier" && (await findSupplier(deps, replacement.supplierId)) === undefined)
    return refuse("not_found", "There is no such supplier.");
  return ok(undefined);
}

/** Draws all tickets or none. After a crash before the order names them, the sweeper finds them. */
async function drawAll(
  deps: ReplaceDeps,
  order: Order,
  productId: string,
  quantity: number,
): Promise<Result<Ticket[]>> {
  const tickets = await drawFor(deps, order, productId, quantity);
  if (tickets.length === quantity) return ok(tickets);
  await Promise.all(tickets.map((ticket) => giveBack(deps, ticket, "anyone")));
  return refuse("sold_out", "There are not enough codes left to replace the line.");
}

function becoming(line: Line, product: ProductVersion, replacement: Replacement, tickets: Ticket[] | undefined): Line {
  const { attempt, source: _source, tickets: _tickets, ...rest } = line;
  const { productId, productVersion, kind, name } = line;
  const isOther = product.id !== productId;
  const replaced = [...(line.replaced ?? []), ...(isOther ? [{ productId, productVersion, kind, name }] : [])];
  const { supplierId, supplierProductId } = replacement.from === "supplier" ? replacement : {};
  return {
    ...rest,
    state: "open",
    ...(isOther
      ? { productId: product.id, productVersion: product.version, kind: product.kind, name: product.name }
      : {}),
    ...(attempt === undefined ? {} : { history: [...(line.history ?? []), attempt] }),
    ...(replaced.length === 0 ? {} : { replaced }),
    ...(tickets === undefined ? {} : { tickets }),
    ...(supplierId === undefined || supplierProductId === undefined
      ? {}
      : { source: { supplierId, supplierProductId } }),
  };
}

/**
 * Drops the tickets that the line had: somebody may have sold their codes to the order just before it was put before a
 * person.
 */
function droppedBy(order: Order, { tickets = [] }: Line): Pick<Order, "dropped"> {
  return tickets.length === 0 ? {} : dropping(order, tickets);
}

/**
 * Gives back the tickets that the order does not name. After a lost answer our own move looks like somebody else's, and
 * the order names its tickets.
 */
async function giveBackUnnamed(deps: ReplaceDeps, order: Order, tickets: readonly Ticket[]): Promise<void> {
  const unnamed = tickets.filter((ticket) => !order.lines.some((line) => line.tickets?.includes(ticket)));
  await Promise.all(unnamed.map((ticket) => giveBack(deps, ticket, "anyone")));
}
