import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { armor, Decrypter } from "age-encryption";
import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { oneTimeCode } from "../../../shared/deliveries/one-time-code.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { tokenOf } from "../../../shared/orders/link.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import { buyersDoor, FROM_THE_PAGE } from "../../support/deliveries/front-door.ts";
import { published } from "../../support/observability/emf.ts";
import { openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Programs against buyers' pages, as API Gateway's events from many addresses to the functions as they are deployed. The engine that
// everything else runs on knows one address.

const ground = await sceneGround();
const { deps } = ground;
const door = await buyersDoor(ground);
const token = linkTokensWith(Buffer.alloc(32, 1));

const GUESSES = 1_000;
const ADDRESSES = 25;
const page = (ip: string, more: Record<string, string> = {}) => ({ ip, headers: { ...FROM_THE_PAGE, ...more } });

/** An order whose buyer has its link, and whose codes nobody has seen. */
async function bought(quantity = 1, more: { contact?: { email: string } } = {}) {
  const { productId, channelId, codes } = await openMarket(deps, { stock: quantity, money: 1_000 });
  const request = { lines: [{ productId, quantity }], payment: { method: "balance" as const }, ...more };
  const placed = await placeOrder(deps, channelId, "order", request, {}, { linkToken: token });
  if (!placed.ok) throw new Error(placed.code);
  const { value: order } = placed;
  return { order, code: codes[0] ?? "", link: tokenOf(token, order, deps.clock()) ?? "" };
}

/** How often each status was answered. */
const tally = (statuses: readonly number[]): Record<number, number> =>
  Object.fromEntries([...new Set(statuses)].map((one) => [one, statuses.filter((status) => status === one).length]));

test("a scanner that opens a link a hundred times sees no code, leaves no record, and the order can still be cancelled", async () => {
  const { order, code, link } = await bought();
  const agents = ["Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; bingbot/2.0)"];
  for (let time = 0; time < 100; time++) {
    const from = { ip: `192.0.2.${time}`, headers: { "user-agent": agents[time % agents.length] ?? "" } };
    const method = time % 2 === 0 ? "GET" : "HEAD";
    const { status, body } = await door.open(link, from, method);
    expect([status, body === "", body.includes(code)]).toEqual([200, method === "HEAD", false]);
  }
  // A program that sends forms does not come from the page.
  const form = { "content-type": FROM_THE_PAGE["content-type"] };
  for (const headers of [form, { ...form, origin: "https://evil.example" }, { ...form, "sec-fetch-site": "same-site" }])
    expect((await door.reveal(link, { ip: "192.0.2.1", headers })).status).toBe(403);
  expect(await trailOf(deps, order.id)).toEqual([]);
  expect(await cancelOrder(deps, order.channelId, order.id)).toMatchObject({ ok: true });
});

test("a scraper with a thousand guesses from many addresses, with forged headers, gets nothing and is stopped; other buyers see their codes meanwhile", async () => {
  const { code, link, order } = await bought();
  const owner = "203.0.113.9";
  const statuses: number[] = [];
  const bodies = new Set<string>();
  let seen: { status: number; body: string } | undefined;
  const points = await published(async () => {
    for (let guess = 0; guess < GUESSES; guess++) {
      const from = page(`198.51.100.${guess % ADDRESSES}`, {
        // As if another network asked each time, and the owner's own among them.
        "x-forwarded-for": guess % 3 === 0 ? owner : `10.${guess % 250}.1.1`,
        forwarded: `for=${owner}`,
      });
      const wrong = token(`guess ${guess}`, 1);
      const { status, body } = await (guess % 2 === 0 ? door.open(wrong, from) : door.reveal(wrong, from));
      statuses.push(status);
      bodies.add(`${status} ${body}`);
      if (guess === GUESSES / 2) seen = await door.reveal(link, page("198.51.100.3"));
    }
  });
  // One page for each address, whatever was guessed: that there is nothing; and one that it was tried too often.
  expect(bodies.size).toBe(3);
  expect(tally(statuses)).toEqual({
    404: ADDRESSES * LIMITS.wrongLinks,
    429: GUESSES - ADDRESSES * LIMITS.wrongLinks,
  });
  expect([...bodies].join()).not.toContain(code);
  // Who shares the scraper's address has seen the code all the same; and nothing was counted against whom the headers named.
  expect([seen?.status, seen?.body.includes(code)]).toEqual([200, true]);
  expect((await door.open(token("a slip", 1), { ip: owner })).status).toBe(404);
  expect((await trailOf(deps, order.id)).map(({ from }) => from)).toEqual(["198.51.100.3"]);
  // Each guess moves the metric that the alarm looks at.
  expect(points.filter(({ metric }) => metric === "LinkWrong")).toHaveLength(GUESSES);
});

test("who searches for orders by the hundred gets one answer for all, and no more searches than a network has", async () => {
  const bodies = new Set<string>();
  const statuses: number[] = [];
  const before = door.queued.length;
  for (let guess = 0; guess < 100; guess++) {
    const form = { reference: `${10_000 + guess}`, contact: `anna${guess}@example.com` };
    const { status, body } = await door.search(page("198.51.100.77", { "x-forwarded-for": `10.0.0.${guess}` }), form);
    statuses.push(status);
    bodies.add(`${status} ${body}`);
  }
  expect(bodies.size).toBe(2);
  expect(tally(statuses)).toEqual({ 200: LIMITS.searchesPerAddress, 429: 100 - LIMITS.searchesPerAddress });
  expect(door.queued.length - before).toBe(LIMITS.searchesPerAddress);
  expect(JSON.stringify(door.queued)).not.toContain("anna");
  const guessed = await door.useOnce(token("no one-time link", 1), page("198.51.100.78"));
  expect(guessed.status).toBe(404);
});

test("a buyer saves the codes as a file that a passphrase locks; a passphrase that is too short shows nothing and is not recorded", async () => {
  const { code, link, order } = await bought();
  const from = page("203.0.113.10");
  expect((await door.file(link, from, { from: "0", lock: "short" })).status).toBe(400);
  expect(await trailOf(deps, order.id)).toEqual([]);
  const { status, body } = await door.file(link, from, { from: "0", lock: "twelve letters" });
  const decrypter = new Decrypter();
  decrypter.addPassphrase("twelve letters");
  expect([status, await decrypter.decrypt(armor.decode(body), "text")]).toEqual([200, `${code}\r\n`]);
});

test("codes of a dear order are shown after a one-time code: neither the link alone nor a wrong code shows or records anything", async () => {
  const { code, link, order } = await bought(4, { contact: { email: "anna@example.com" } });
  const key = { pk: `channel-messages#${order.channelId}`, sk: "settings" };
  const said = { channelId: order.channelId, shop: "Sun", language: "en", email: "mail", prefer: "email", turns: [] };
  const Item = { ...key, v: 1, ...said, confirmAbove: { amount: 50, currency: "CNY" } };
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
  const from = page("203.0.113.11");
  const asked = await door.reveal(link, from);
  expect([asked.status, asked.body.includes("Enter your one-time code")]).toEqual([200, true]);
  expect((await door.file(link, from, { from: "0" })).body).toContain("Enter your one-time code");
  const { orderId, code: occasion } = JSON.parse(door.queued.at(-1)?.MessageBody ?? "{}") as Record<string, string>;
  expect(orderId).toBe(order.id);
  const right = oneTimeCode(await deps.recognise(), order, occasion ?? "");
  expect(JSON.stringify(door.queued)).not.toContain(right);
  expect((await door.reveal(link, from, { code: "00000000" })).body).toContain("This code is wrong");
  expect(await trailOf(deps, order.id)).toEqual([]);
  const shown = await door.reveal(link, from, { code: right });
  expect(shown.body).toContain(code);
  const [, proof = ""] = /name="proof" value="([^"]+)"/.exec(shown.body) ?? [];
  expect((await door.file(link, from, { from: "0", proof })).body.split("\r\n")).toHaveLength(5);
  // A code is good once.
  expect((await door.reveal(link, from, { code: right })).body).toContain("This code is wrong");
});
