import type { Db } from "../aws/dynamo.ts";
import { type Clock, utcDay } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { renewLink, tokenOf } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import { ordersOfPerson } from "../orders/people.ts";
import { ordersNamed } from "../orders/table.ts";
import { type LinkToken, type LinkTokens, linkHashOf } from "../secrecy/link-tokens.ts";
import type { RecognitionDeps } from "../secrecy/recognition.ts";
import { sealByToken } from "../secrecy/sealed-by-token.ts";
import { onceBinding, onceOccasion, onceToken } from "./once.ts";
import { referenceName, type Search } from "./search.ts";
import { countOnceLink, hasOnceLink, putOnceLink } from "./table.ts";

export type AnswerDeps = Db<"orders" | "operations"> & { clock: Clock; links: LinkTokens } & RecognitionDeps & {
    /** Has the buyer of an order written the one-time link of this occasion. */
    write: (orderId: string, occasion: string) => Promise<void>;
  };

/**
 * Looks for the orders that a search means, and has their buyer written a one-time link to each. It may be repeated: within ten minutes
 * an order's link is the same, and one that was used stays used. Gives the orders that are written about.
 */
export async function answerSearch(deps: AnswerDeps, search: Search): Promise<string[]> {
  const written: string[] = [];
  for (const order of await ordersMeant(deps, search)) if (await writeAbout(deps, order)) written.push(order.id);
  return written;
}

/** Finds a person's orders by what a channel calls them, or we do; among their first thousand, and a few at most. */
async function ordersMeant(deps: AnswerDeps, { person, reference }: Search): Promise<Order[]> {
  const recognise = await deps.recognise();
  const isMeant = ({ id, reference: said = id }: Order): boolean =>
    [id, said].some((name) => referenceName(recognise, name) === reference);
  const meant: Order[] = [];
  let [after, seen]: [string | undefined, number] = [undefined, 0];
  do {
    const page = await ordersOfPerson(deps, person, after);
    meant.push(...(await ordersNamed(deps, page.ids)).filter(isMeant));
    [after, seen] = [page.next, seen + page.ids.length];
  } while (after !== undefined && seen < LIMITS.ordersOfPerson && meant.length < LIMITS.ordersFound);
  return meant.slice(0, LIMITS.ordersFound);
}

async function writeAbout(deps: AnswerDeps, order: Order): Promise<boolean> {
  // Who can't be reached any more is not written to; an order that never had a link has perhaps a page of its shop's.
  if (order.contact === undefined) return false;
  const now = deps.clock();
  const links = await deps.links();
  const occasion = onceOccasion(now);
  const once = onceToken(links, order.id, occasion);
  if (!(await hasOnceLink(deps, linkHashOf(once)))) {
    const endsAt = Math.ceil(now.getTime() / 1000) + LIMITS.onceLinkSeconds;
    const upTo = { most: LIMITS.onceLinksPerDay, endsAt: endsAt + LIMITS.onceLinkSeconds };
    if (!(await countOnceLink(deps, { orderId: order.id, day: utcDay(now) }, upTo))) return false;
    const token = await livingToken(deps, links, order, now);
    // One that was renewed as often as may be has none any more, and a message would lead nowhere.
    if (token === undefined && order.linkEnds !== undefined) return false;
    if (token !== undefined)
      await putOnceLink(deps, linkHashOf(once), sealByToken(once, token, onceBinding(once)), endsAt);
  }
  await deps.write(order.id, occasion);
  return true;
}

/** Gives the token of the order's page. A link that has ended is made anew, for a search is its buyer's wish to see it. */
async function livingToken(deps: AnswerDeps, links: LinkToken, order: Order, now: Date): Promise<string | undefined> {
  if (order.linkEnds === undefined) return undefined;
  const there = tokenOf(links, order, now);
  if (there !== undefined) return there;
  const renewed = await renewLink(deps, links, { order, cause: `search ${order.linkEnds}`, now });
  return renewed.ok ? tokenOf(links, renewed.value, now) : undefined;
}
