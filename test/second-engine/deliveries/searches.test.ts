import { expect, test } from "vitest";
import { type AnswerDeps, answerSearch } from "../../../shared/deliveries/answer-search.ts";
import { onceToken, openOnce } from "../../../shared/deliveries/once.ts";
import { type Search, searchOrder } from "../../../shared/deliveries/search.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { eraseContact } from "../../../shared/orders/erase-contact.ts";
import { findByToken, renewLink, tokenOf } from "../../../shared/orders/link.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import { openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();
const token = linkTokensWith(Buffer.alloc(32, 1));
const DAY = 24 * 3600;

/** An order of Anna's, and a clock of its own by which it is looked for. */
async function searchScene(reference = `Sun-${crypto.randomUUID()}`, isLinked = true) {
  const email = `${crypto.randomUUID()}@example.com`;
  const phone = "+8613800138000";
  const { productId, channelId } = await openMarket(deps, { stock: 1, money: 1_000 });
  const request = {
    lines: [{ productId, quantity: 1 }],
    payment: { method: "balance" as const },
    contact: { email, phone },
    reference,
  };
  const placed = await placeOrder(deps, channelId, "order", request, {}, isLinked ? { linkToken: token } : {});
  if (!placed.ok) throw new Error(placed.code);
  const order = placed.value;
  let now = Math.ceil(Date.now() / DAY / 1000) * DAY * 1000;
  const written: { orderId: string; occasion: string }[] = [];
  const queue: Search[] = [];
  const answering: AnswerDeps = {
    ...deps,
    clock: () => new Date(now),
    links: async () => token,
    write: async (orderId, occasion) => void written.push({ orderId, occasion }),
  };
  const asking = { ...answering, queue: async (search: Search) => void queue.push(search) };
  return {
    order,
    email,
    written,
    queue,
    answering,
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
    /** Looks for an order, and gives the one-time links that were written since. */
    search: async (said = reference, contact = email, from = "192.0.2.1"): Promise<string[]> => {
      await searchOrder(asking, { reference: said, contact }, from);
      const before = written.length;
      for (const search of queue.splice(0)) await answerSearch(answering, search);
      return written.slice(before).map(({ orderId, occasion }) => onceToken(token, orderId, occasion));
    },
    ask: (from: string) => searchOrder(asking, { reference, contact: email }, from),
    open: (once: string) => openOnce(answering, once),
    now: () => new Date(now),
  };
}

test("an order is found by its number and its buyer's address, and its one-time link leads to its page once", async () => {
  const { order, search, open, now } = await searchScene();
  const [once = "", ...more] = await search();
  expect(more).toEqual([]);
  const all = await Promise.all(Array.from({ length: 10 }, () => open(once)));
  const opened = all.filter((one) => one !== undefined);
  expect(opened).toEqual([tokenOf(token, order, now())]);
  expect((await findByToken(deps, opened[0] ?? "", now()))?.id).toBe(order.id);
  expect(await open(once)).toBe(undefined);
});

test("it is found by our own number, and by capitals and spaces as people type them", async () => {
  const { order, email, search } = await searchScene("Sun 2026-7");
  for (const [said, contact] of [
    [order.id, email],
    [" sun 2026-7 ", email.toUpperCase()],
    ["ＳＵＮ2026-7", email],
  ])
    expect([said, await search(said, contact)]).toEqual([said, [expect.any(String)]]);
});

test("another number or another address finds nothing, and the call that was asked has done the same", async () => {
  const { order, email, search, queue, ask } = await searchScene();
  for (const [said, contact] of [
    ["Sun-1", email],
    [order.id, `x${email}`],
    [`${order.id}0`, email],
  ])
    expect(await search(said, contact)).toEqual([]);
  // The queue holds keyed hashes, of one length whatever was asked for.
  await ask("192.0.2.1");
  const name = expect.stringMatching(/^v2:[\w-]{22}$/);
  expect(queue).toEqual([{ person: name, reference: name }]);
});

test("searched for again and again it has one link in ten minutes, which once used stays used, and six on a day", async () => {
  const { search, open, pass, written } = await searchScene();
  const [first = ""] = await search();
  expect(await open(first)).not.toBe(undefined);
  expect(await search()).toEqual([first]);
  expect(await open(first)).toBe(undefined);
  const links = new Set([first]);
  let last = first;
  for (let minutes = 10; minutes < 24 * 60; minutes += 10) {
    pass(600);
    for (const link of await search()) links.add((last = link));
  }
  expect(links.size).toBe(LIMITS.onceLinksPerDay);
  expect(written.length).toBeLessThan(20);
  // Whoever used up the day's links has sent them to the buyer, where the last is good as long as no further one comes.
  expect(await open(last)).not.toBe(undefined);
  pass(600);
  expect(await search()).toHaveLength(1);
});

test("a one-time link ends after a day, and what nobody made opens nothing", async () => {
  const { search, open, pass } = await searchScene();
  const [once = ""] = await search();
  expect([await open("x"), await open(token("once", 1))]).toEqual([undefined, undefined]);
  pass(LIMITS.onceLinkSeconds);
  expect(await open(once)).toBe(undefined);
});

test("an order whose link has ended gets a new one; one that never had a link is left as it is", async () => {
  const { order, search, open, pass, now } = await searchScene();
  pass(LIMITS.linkSeconds + 1);
  const [once = ""] = await search();
  const found = await findByToken(deps, (await open(once)) ?? "", now());
  expect(found?.id).toBe(order.id);
  const bare = await searchScene(undefined, false);
  const [none = ""] = await bare.search();
  expect(await bare.open(none)).toBe(undefined);
});

test("of an order whose link has ended and can't be renewed any more no link is written that leads nowhere", async () => {
  const { order, search, pass, answering } = await searchScene();
  for (let time = 0; time < LIMITS.linkRenewals; time++) {
    const now = await readOrder(deps, order.id);
    if (now === undefined) throw new Error("no order");
    await renewLink(answering, token, { order: now, cause: `rotation ${time}`, now: answering.clock() });
  }
  pass(LIMITS.linkSeconds + 1);
  expect(await search()).toEqual([]);
});

test("of a contact that was erased nobody is written to", async () => {
  const { order, search } = await searchScene();
  await eraseContact(deps, order.id);
  expect(await search()).toEqual([]);
});

test("a network that searches without end is stopped, and its owner searches from elsewhere", async () => {
  const { ask, search } = await searchScene();
  const answers: string[] = [];
  for (let time = 0; time < LIMITS.searchesPerAddress + 5; time++) answers.push(await ask("198.51.100.7"));
  expect(answers.filter((one) => one === "taken")).toHaveLength(LIMITS.searchesPerAddress);
  expect(await search(undefined, undefined, "198.51.100.8")).toContainEqual(expect.any(String));
});
