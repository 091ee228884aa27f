import { afterAll, beforeAll, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { careCases } from "../../../shared/cases/care.ts";
import { CaseChoice, decideCase } from "../../../shared/cases/decide.ts";
import { NewCase, openCase } from "../../../shared/cases/open.ts";
import { answerSearch } from "../../../shared/deliveries/answer-search.ts";
import { findDelivery } from "../../../shared/deliveries/find.ts";
import { onceToken, openOnce } from "../../../shared/deliveries/once.ts";
import { revealByLink } from "../../../shared/deliveries/reveal.ts";
import { referenceName } from "../../../shared/deliveries/search.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Outgoing } from "../../../shared/messages/contract.ts";
import { tokenOf } from "../../../shared/orders/link.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { piecesLeft } from "../../../shared/orders/shares.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { proofEngine } from "../../support/engine/proof-engine.ts";
import type { SecondEngine } from "../../support/engine/second-engine.ts";
import { crashEach } from "../../support/faults/crash.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { messageScene } from "../../support/messages/scene.ts";
import { violations } from "../../support/orders/invariants.ts";
import { openMarket, putOnSale, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { anna } from "../../support/review/review-ground.ts";
import { valueOf } from "../../support/value-of.ts";

// A buyer's whole way after the sale: the link is found again, codes are shown, one of them does not work, somebody decides, the buyer is
// told and looks again. The process dies at each write of that; the buyer taps again, the queues hand their messages out again, and the
// schedule goes on. Each paid piece has one living code, and the buyer sees just these.

type Deps = Everything["deps"];
const kms = fakeKms();
const token = linkTokensWith(Buffer.alloc(32, 1));
const visit = { sourceIp: "192.0.2.1", requestId: "tap" };
let engine: SecondEngine;
let deps: Deps;
beforeAll(async () => {
  engine = await proofEngine();
  deps = everythingOn(engine, { kms }).deps;
});
afterAll(() => engine.stop());

let stages = 0;

/** Two codes that a buyer who can be reached has paid for, and three more in stock. */
async function sold() {
  const { productId, channelId } = await openMarket(deps, { stock: 2, money: 200 });
  const contact = { email: `buyer${stages++}@example.com` };
  const lines = [{ productId, quantity: 2 }];
  const request = { lines, payment: { method: "balance" as const }, contact, reference: "Sun-1" };
  const order = valueOf(await placeOrder(deps, channelId, "order", request, {}, { linkToken: token }));
  await settleMoney(deps, order.id);
  await putOnSale(deps, productId, makeCodes(3));
  const link = tokenOf(token, order, deps.clock()) ?? "";
  return { productId, channelId, id: order.id, contact, link, got: [] as Outgoing[], occasions: [] as string[] };
}
type Stage = Awaited<ReturnType<typeof sold>>;

/** The codes that the buyer sees by the link. */
async function looks(on: Deps, { link }: Stage): Promise<string[]> {
  const found = await findDelivery(on, link, visit.sourceIp);
  if (found.kind !== "found") throw new Error(found.kind);
  const page = valueOf(await revealByLink(on, found.order, visit, { from: 0, limit: 50 }));
  return page.pieces.map(({ code }) => code.secret);
}

async function searches(on: Deps, { contact, occasions }: Stage): Promise<void> {
  const recognise = await on.recognise();
  const search = { person: recognise("contact", contact.email), reference: referenceName(recognise, "Sun-1") };
  await answerSearch(
    { ...on, links: async () => token, write: async (_, occasion) => void occasions.push(occasion) },
    search,
  );
}

/** All that happens, in the order in which it does. Each step may be done again. */
async function afterTheSale(on: Deps, stage: Stage, action: string): Promise<void> {
  await searches(on, stage);
  await looks(on, stage);
  const wish = NewCase.parse({ kind: "void_and_reissue", lineId: "1", pieces: [1] });
  const opened = valueOf(await openCase(on, stage.id, wish, { opener: "buyer", key: "1 0" }));
  const decided = await decideCase(on, opened.id, CaseChoice.parse({ action, reason: "r" }), anna);
  if (!decided.ok && decided.code !== "case_closed") throw new Error(decided.code);
  await tells(on, stage);
  await looks(on, stage);
}

function tells(on: Deps, { id, got }: Stage): Promise<unknown> {
  const scene = messageScene({ deps: on }, got);
  scene.set({ turns: ["delivered", "case_helped"] });
  return scene.tell(id);
}

test.each(["replace", "compensate"])(
  "a buyer's way through look, case, %s, message and search, dead at any write, ends with one living code for each paid piece",
  async (action) => {
    const writes = await crashEach(
      (calls) => everythingOn(engine, { calls, kms }).deps,
      async (doomed) => {
        const stage = await sold();
        const { id, productId, channelId, got } = stage;
        await doomed.run((dying) => afterTheSale(dying, stage, action));
        const later = { ...deps, clock: () => new Date(Date.now() + 2 * LIMITS.caseLeftSeconds * 1000) };
        for (let time = 0; time < 2; time++) await careCases(later, (_, error) => expect(error).toBeUndefined());
        await afterTheSale(deps, stage, action);
        // The claim of a call that died with a message is over.
        const scene = messageScene({ deps }, got);
        scene.set({ turns: ["delivered", "case_helped"] });
        scene.pass(LIMITS.messageClaimedSeconds + 1);
        await scene.tell(id);
        await scene.run(120);

        const seen = await looks(deps, stage);
        const found = await findDelivery(deps, stage.link, visit.sourceIp);
        const order = found.kind === "found" ? found.order : undefined;
        const paid = (order?.lines ?? []).filter(({ given }) => given === undefined);
        const living = paid.flatMap(({ tickets = [] }) => tickets);
        expect(new Set(living).size).toBe(paid.reduce((sum, line) => sum + piecesLeft(line), 0));
        expect(new Set(seen).size).toBe(action === "compensate" ? 3 : 2);
        expect(order?.lines[0]?.swapped?.dead ?? []).toHaveLength(action === "replace" ? 1 : 0);
        // Each look was on record before its codes left.
        expect(
          (await trailOf(deps, id)).filter((one) => one.action === "codes_revealed").length,
        ).toBeGreaterThanOrEqual(3);
        // Told at least once of each, and a second time only after a lost answer.
        const told = (await scene.known(id)).map(({ template, state }) => `${template} ${state}`);
        expect(told.toSorted()).toEqual(["case_helped sent", "delivered sent"]);
        expect(got.length).toBeGreaterThanOrEqual(2);
        expect(got.length).toBeLessThanOrEqual(3);
        const once = onceToken(token, id, stage.occasions.at(-1) ?? "");
        expect(await openOnce(deps, once)).toBe(stage.link);
        expect(await openOnce(deps, once)).toBe(undefined);
        await settleMoney(deps, id);
        await sweepUntilQuiet(deps, productId);
        expect(await violations(deps, { products: [productId], channels: [channelId], orders: [id] })).toEqual([]);
      },
    );
    expect(writes).toBeGreaterThan(12);
  },
);
