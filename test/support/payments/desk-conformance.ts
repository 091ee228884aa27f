import { expect, test } from "vitest";
import type { Charge, PaymentMethod } from "../../../shared/payments/contract.ts";
import {
  DISPUTE_REASONS,
  type DisputeDesk,
  type DisputeNews,
  type Evidence,
} from "../../../shared/payments/dispute-contract.ts";

/** What the suite must know of a method's disputes to try everything on its desk that the contract promises. */
export type DeskConformance = {
  /** A payer disputes, or complains about, a charge that was paid. Gives the provider's name for it. */
  open: (charge: Charge) => string;
  /** The signed notification that it was opened. */
  notification: (charge: Charge, disputeId: string) => { body: string; headers: Record<string, string> };
  /** How often the provider has evidence, or a reply, of ours. */
  answers: (charge: Charge, disputeId: string) => number;
  /** Has the bank decide. Undefined: no bank decides about complaints, and no money moves. */
  decide?: (charge: Charge, disputeId: string, how: "won" | "lost") => void;
};

type Paid = { method: () => PaymentMethod; paid: () => Promise<Charge> };

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
/** A name that no provider has given. */
const NOBODYS = "du_nobodys0000000000000000";
const PAGES = 20;

const evidence = (text: string): Evidence => ({
  product: "Code × 1",
  looks: [{ at: new Date().toISOString(), by: "key_1", from: "198.51.100.7" }],
  text,
});

/** The same suite for every desk of disputes and complaints: what our books and their clocks take for granted. */
export function deskConforms({ method, paid }: Paid, of: DeskConformance): void {
  const isOfBanks = of.decide !== undefined;
  const desk = (): DisputeDesk => {
    const { disputes } = method();
    if (disputes === undefined) throw new Error("the method has no desk");
    return disputes;
  };
  async function opened() {
    const charge = await paid();
    return { charge, id: of.open(charge) };
  }
  async function newsOf(id: string): Promise<DisputeNews> {
    const asked = await desk().query(id);
    if (asked.kind !== "dispute") throw new Error(asked.kind);
    return asked.news;
  }
  /** The answers that such a desk takes once; and what is answered to it. */
  const answer = (id: string, text: string) =>
    isOfBanks ? desk().sendEvidence?.(id, evidence(text)) : desk().reply?.(id, text);

  test("a dispute that nobody has opened is never heard of, and no answer to it is taken", async () => {
    expect(await desk().query(NOBODYS)).toEqual({ kind: "never_heard" });
    const said = await Promise.all([
      desk().sendEvidence?.(NOBODYS, evidence("e")),
      desk().accept?.(NOBODYS),
      desk().reply?.(NOBODYS, "r"),
      desk().complete?.(NOBODYS),
    ]);
    const refused = { kind: "refused", reason: expect.stringMatching(CODE) as string };
    expect(said).toEqual(said.map((one) => (one === undefined ? undefined : refused)));
  });

  test("a dispute says which payment it is about, how much is wanted, why and until when; the same however often it is asked", async () => {
    const { charge, id } = await opened();
    const news = await newsOf(id);
    expect(news).toMatchObject({ paymentId: charge.id, amount: charge.amount, isAnswered: false });
    expect(news.state).toBe(isOfBanks ? "opened" : "complained");
    expect(DISPUTE_REASONS).toContain(news.reason);
    expect(Date.parse(news.answerBy ?? "")).toBeGreaterThan(Date.now());
    expect(news.funds).toEqual({ taken: isOfBanks ? charge.amount.amount : 0, givenBack: 0 });
    expect(await newsOf(id)).toEqual(news);
  });

  test("its notification verifies and names the dispute, not what has become of it", async () => {
    const { charge, id } = await opened();
    const { body, headers } = of.notification(charge, id);
    const verified = method().verify(body, headers, new Date());
    expect(verified).toEqual({ ok: true, notice: { eventId: expect.any(String) as string, disputeId: id } });
    expect(method().verify(`${body} `, headers, new Date())).toEqual({ ok: false, reason: "forged" });
  });

  test("those that were opened since a time are listed, page by page, each of them", async () => {
    const since = new Date(Date.now() - 1_000).toISOString();
    const ids = [(await opened()).id, (await opened()).id, (await opened()).id];
    const found: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const listed = await desk().list(since, cursor);
      if (listed.kind !== "page") throw new Error(listed.reason);
      found.push(...listed.ids);
      cursor = listed.next;
      if (cursor === undefined) break;
    }
    expect(cursor).toBeUndefined();
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expect.arrayContaining(ids));
  });

  test("an answer is taken and seen afterwards; evidence goes to the bank once, however often it is sent", async () => {
    const { charge, id } = await opened();
    expect(await answer(id, "Here it is.")).toEqual({ kind: "taken" });
    expect(await newsOf(id)).toMatchObject({ state: isOfBanks ? "answered" : "replied", isAnswered: true });
    if (!isOfBanks) return;
    expect((await answer(id, "Here it is."))?.kind).toBe("taken");
    expect(of.answers(charge, id)).toBe(1);
  });

  test("what we don't contest is lost; what is done is completed; saying so again says the same", async () => {
    const { id } = await opened();
    if (!isOfBanks) await answer(id, "It is done.");
    const end = () => (isOfBanks ? desk().accept?.(id) : desk().complete?.(id));
    for (let again = 0; again < 2; again++) expect(await end()).toEqual({ kind: "taken" });
    const news = await newsOf(id);
    expect(news.state).toBe(isOfBanks ? "lost" : "completed");
    expect(news.answerBy === undefined || news.isAnswered || news.state === "lost").toBe(true);
  });

  test("what the bank gives back and keeps is told by its books, and those only grow", async () => {
    const { decide } = of;
    if (decide === undefined) return;
    for (const [how, givenBack] of [
      ["won", 100],
      ["lost", 0],
    ] as const) {
      const { charge, id } = await opened();
      decide(charge, id, how);
      const { state, funds, fees } = await newsOf(id);
      expect([state, funds]).toEqual([how, { taken: 100, givenBack }]);
      expect(fees.taken).toBeGreaterThanOrEqual(fees.givenBack);
    }
  });
}

/** A method without disputes says so. */
export function hasNoDesk({ method }: Paid): void {
  test("it has none", () => {
    expect(method().disputes).toBeUndefined();
  });
}
