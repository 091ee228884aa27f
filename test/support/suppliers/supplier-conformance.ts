import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import type { Need, Outcome, SupplierAdapter } from "../../../shared/suppliers/contract.ts";
import { signOf } from "../../../shared/suppliers/health.ts";
import { adapterOf, type SupplierProtocol } from "../../../shared/suppliers/registry.ts";
import { answering, HOSTILE_ANSWERS, THROTTLED } from "./hostile-party.ts";
import type { Party } from "./party.ts";
import { WRAPPINGS, wrapping } from "./wrapped-party.ts";

/** What a need is made of, short of its reference. */
type Wish = { product: string; account?: string; quantity?: number };

/** What the suite must know of a protocol to try everything on its adapter that the contract promises. */
export type Conformance = {
  protocol: SupplierProtocol;
  start: () => Promise<Party & { credentials: Record<string, string> }>;
  /** One need for each way that an order can go. `delivers` may first be worked on. */
  wishes: { delivers: Wish; refused: Wish; noFunds: Wish; lostAnswer: Wish; throttled: Wish };
  /** Goods come with what `delivers` buys. */
  handsOver: boolean;
  /** Retry-After as the simulator says it. */
  retryAfterSeconds: number;
};

let counter = 0;
export const needOf = ({ product, account, quantity = 1 }: Wish): Need => ({
  reference: `ord_${Date.now().toString(36)}${(counter += 1)}-1-1-1`,
  supplierProductId: product,
  quantity,
  ...(account === undefined ? {} : { recipientAccount: new Secret(account) }),
});

/** Nobody listens here: below the ports that systems hand out, and none that fetch itself refuses to call. */
const NOWHERE = "http://127.0.0.1:1023";

/** For one call to somebody who does not answer; for all of one test's calls, a slow machine included. */
const HASTY_MS = 300;
/** For one call to somebody who does. */
const PATIENT_MS = 15_000;
const GIVEN_UP_MS = 60_000;

export const idOf = (outcome: Outcome): string | undefined =>
  "supplierOrderId" in outcome ? outcome.supplierOrderId : undefined;
const CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** The party for one group of tests, and adapters that talk to it or to somebody else. */
export function groundOf(of: Conformance) {
  let party: Awaited<ReturnType<Conformance["start"]>>;
  beforeAll(async () => {
    party = await of.start();
  });
  afterAll(() => party.stop());
  const at = (url: string, timeoutMs = 1_500, credentials = party.credentials): SupplierAdapter =>
    adapterOf(of.protocol, { baseUrl: url, timeoutMs }, credentials);
  return {
    at,
    party: () => party,
    adapter: () => at(party.url),
    /** Asks until it is no longer being worked on. */
    ended: async (need: Need, first: Outcome, asking = at(party.url)): Promise<Outcome> => {
      let last = first;
      const kind = async () => {
        if (last.kind === "accepted" || last.kind === "unknown") last = await asking.query(need.reference, idOf(last));
        return last.kind;
      };
      await expect.poll(kind).not.toMatch(/accepted|unknown/);
      return last;
    },
  };
}

/** The same suite for every adapter: what orders, reviews and failover take for granted. */
export function conforms(of: Conformance): void {
  const ground = groundOf(of);
  const { at, ended } = ground;

  describe("an order", () => {
    test("is placed, delivered, and told alike however often it is asked about", async () => {
      const need = needOf(of.wishes.delivers);
      const outcome = await ended(need, await ground.adapter().place(need));
      expect(outcome).toMatchObject({ kind: "fulfilled", supplierOrderId: expect.any(String) as string });
      const goods = "goods" in outcome ? (outcome.goods ?? []) : [];
      expect(goods).toHaveLength(of.handsOver ? need.quantity : 0);
      const again = await ground.adapter().query(need.reference, idOf(outcome));
      expect(revealed(again)).toEqual(revealed(outcome));
      expect(ground.party().deliveries(need.reference)).toBe(1);
    });

    test("is carried out once, however often it is placed; an adapter that can't promise that says so", async () => {
      const need = needOf(of.wishes.delivers);
      const first = await ground.adapter().place(need);
      const again = await Promise.all([1, 2, 3].map(() => ground.adapter().place(need)));
      const isAnswered = again.every(({ kind }) => kind === "fulfilled" || kind === "accepted");
      expect(isAnswered || !ground.adapter().repeatSafe).toBe(true);
      await ended(need, first);
      expect(ground.party().deliveries(need.reference)).toBe(1);
    });

    test("that was accepted is asked about long before its time is over, whether a callback comes or not", () => {
      expect(ground.adapter().firstAskSeconds).toBeGreaterThan(0);
      expect(ground.adapter().firstAskSeconds).toBeLessThanOrEqual(60);
    });

    test("that is refused is a definite no, in a word of ours, and nothing was delivered", async () => {
      const need = needOf(of.wishes.refused);
      expect(await ground.adapter().place(need)).toEqual(
        expect.objectContaining({ kind: "rejected", reason: expect.stringMatching(CODE) as string }),
      );
      expect(ground.party().deliveries(need.reference)).toBe(0);
    });

    test("that is refused because our money there is spent says so in the word that all protocols share", async () => {
      const outcome = await ground.adapter().place(needOf(of.wishes.noFunds));
      expect(outcome).toMatchObject({ kind: "rejected", reason: "insufficient_funds" });
      expect(signOf(outcome)).toBe("out_of_funds");
    });

    test("whose answer is lost is unknown, until a question or a safe repeat brings the truth", async () => {
      const need = needOf(of.wishes.lostAnswer);
      const first = await ground.adapter().place(need);
      const isLost = expect.stringMatching(/^(connection_lost|timed_out)$/) as string;
      expect(first).toEqual({ kind: "unknown", reason: isLost });
      let asked: Outcome = await ground.adapter().query(need.reference);
      expect(asked.kind !== "never_heard" || ground.adapter().repeatSafe).toBe(true);
      if (asked.kind === "never_heard") asked = await ground.adapter().place(need);
      expect((await ended(need, asked)).kind).toBe("fulfilled");
      expect(ground.party().deliveries(need.reference)).toBe(1);
    });

    test("nobody has heard of is never a no, and never a yes", async () => {
      expect(["never_heard", "unknown"]).toContain((await ground.adapter().query("ord_nobody-1-1-1")).kind);
    });

    test("for something that can't be named there is refused before any call", async () => {
      const nowhere = at(NOWHERE);
      const placed = await nowhere.place(needOf({ ...of.wishes.delivers, product: "§/../" }));
      expect(["rejected", "not_sent"]).toContain(placed.kind);
    });
  });

  describe("the network", () => {
    test("nobody listens: nothing was sent", async () => {
      const nowhere = at(NOWHERE);
      expect(await nowhere.place(needOf(of.wishes.delivers))).toMatchObject({
        kind: "not_sent",
        reason: "unreachable",
      });
      expect(await nowhere.query("ord_1-1-1-1", "1")).toMatchObject({ kind: "unknown", reason: "unreachable" });
    });

    test("too many calls: this one did nothing, and the wait is theirs", async () => {
      const { retryAfterSeconds } = of;
      const outcome = await ground.adapter().place(needOf(of.wishes.throttled));
      expect(outcome).toEqual({ kind: "not_sent", reason: "throttled", retryAfterSeconds });
    });

    test("a wrong key is ours to mend: the order is not lost to a no", async () => {
      const wrong = Object.fromEntries(
        Object.entries(ground.party().credentials).map(([name, value]) => [name, scrambled(value)]),
      );
      const outcome = await at(ground.party().url, 1_500, wrong).place(needOf(of.wishes.delivers));
      expect(outcome).toMatchObject({ kind: "not_sent", reason: "unauthorised" });
    });
  });

  describe("an answer that is wrapped otherwise", () => {
    test.each(WRAPPINGS)("%s: it is read all the same", async (_, wrap) => {
      const need = needOf(of.wishes.delivers);
      const outcome = await wrapping(ground.party().url, wrap, async (url) =>
        ended(need, await at(url, PATIENT_MS).place(need), at(url, PATIENT_MS)),
      );
      expect(outcome).toMatchObject({ kind: "fulfilled", supplierOrderId: expect.any(String) as string });
      expect(revealed(outcome)).toEqual(revealed(await ground.adapter().query(need.reference, idOf(outcome))));
    });
  });

  describe("whatever is answered", () => {
    test.each(HOSTILE_ANSWERS)(
      "%s: it stays unknown, nothing is thrown, nothing of it gets through, and it ends in time",
      async (_, answer) => {
        const startedAt = performance.now();
        const outcomes = await answering(answer, async (url) => [
          await at(url, HASTY_MS).place(needOf(of.wishes.delivers)),
          await at(url, HASTY_MS).query("ord_1-1-1-1", "1"),
        ]);
        for (const outcome of outcomes)
          expect(outcome).toEqual({ kind: "unknown", reason: expect.stringMatching(CODE) as string });
        expect(performance.now() - startedAt).toBeLessThan(GIVEN_UP_MS);
      },
    );

    test("too many questions: what is unknown stays it", async () => {
      const asked = await answering(THROTTLED, (url) => at(url).query("ord_1-1-1-1", "1"));
      expect(asked).toEqual({ kind: "unknown", reason: expect.stringMatching(CODE) as string });
    });
  });

  test("no secret of ours is in anything that it says", async () => {
    const outcomes = [
      await ground.adapter().place(needOf(of.wishes.refused)),
      await at(NOWHERE).place(needOf(of.wishes.delivers)),
    ];
    const said = JSON.stringify(outcomes);
    for (const secret of Object.values(ground.party().credentials)) expect(said).not.toContain(secret);
  });
}

/** Orders of several pieces of which some are delivered, and the rest never. */
export function deliversPartly(of: Conformance, wish: Wish, delivered: number): void {
  const ground = groundOf(of);
  test("that is delivered in part says how much, with just that many goods, and alike when it is asked", async () => {
    const need = needOf(wish);
    const outcome = await ground.ended(need, await ground.adapter().place(need));
    expect(outcome).toMatchObject({ kind: "partly", delivered });
    expect(delivered).toBeLessThan(need.quantity);
    const goods = "goods" in outcome ? (outcome.goods ?? []) : [];
    expect(goods).toHaveLength(of.handsOver ? delivered : 0);
    expect(revealed(await ground.adapter().query(need.reference, idOf(outcome)))).toEqual(revealed(outcome));
  });
}

/** Orders that are taken and fail later. */
export function failsLater(of: Conformance, wish: Wish): void {
  const ground = groundOf(of);
  test("that fails later is a definite no when it is asked about", async () => {
    const need = needOf(wish);
    const outcome = await ground.ended(need, await ground.adapter().place(need));
    expect(outcome).toMatchObject({ kind: "rejected", reason: expect.stringMatching(CODE) as string });
  });
}

/** Adapters that also say what there is and what we can spend. */
export function tellsItsCatalogue(of: Conformance): void {
  const ground = groundOf(of);
  const { at } = ground;
  test("what it sells, and what we can spend, is read to the end and in whole minor units", async () => {
    let cursor: string | undefined;
    const items = [];
    do {
      const page = await ground.adapter().catalogue?.(cursor);
      items.push(...(page?.items ?? []));
      cursor = page?.next;
    } while (cursor !== undefined);
    expect(items.length).toBeGreaterThan(1);
    expect(new Set(items.map(({ supplierProductId }) => supplierProductId)).size).toBe(items.length);
    expect(items.some(({ cost }) => cost !== undefined && Number.isInteger(cost.amount))).toBe(true);
    const balances = (await ground.adapter().balances?.()) ?? [];
    expect(balances.every(({ amount }) => Number.isInteger(amount))).toBe(true);
  });

  /** Every question that moves nothing, each with what became of it. */
  const questions = (url: string, timeoutMs = HASTY_MS) => {
    const adapter = at(url, timeoutMs);
    const asked = [adapter.catalogue?.(undefined), adapter.balances?.()];
    return Promise.allSettled(asked.filter((question) => question !== undefined));
  };
  const down = (more: object = {}) => ({
    status: "rejected",
    reason: expect.objectContaining({ name: "SupplierDown", message: expect.stringMatching(CODE) as string, ...more }),
  });

  test.each(WRAPPINGS)("what it sells, in %s, is read all the same", async (_, wrap) => {
    const page = await wrapping(ground.party().url, wrap, async (url) => at(url, PATIENT_MS).catalogue?.(undefined));
    expect(page?.items).toEqual((await ground.adapter().catalogue?.(undefined))?.items);
  });

  test.each(HOSTILE_ANSWERS)(
    "what it sells can't be read from %s, and nothing of it gets through",
    async (_, answer) => {
      const answers = await answering(answer, (url) => questions(url));
      expect(answers.length).toBeGreaterThan(0);
      for (const settled of answers) expect(settled).toEqual(down());
    },
  );

  test("what it sells is asked for later when it says so, and when nobody is there", async () => {
    for (const settled of await answering(THROTTLED, (url) => questions(url, PATIENT_MS)))
      expect(settled).toEqual(down({ retryAfterSeconds: 11 }));
    for (const settled of await questions(NOWHERE)) expect(settled).toEqual(down());
  });
}

/** Of the same shape, and another. */
function scrambled(secret: string): string {
  const [prefix = "", rest = secret] = secret.startsWith("whsec_") ? ["whsec_", secret.slice(6)] : ["", secret];
  return prefix + Array.from(rest).toReversed().join("").replace(/^=+/, "A");
}

function revealed(outcome: Outcome): unknown {
  const goods = "goods" in outcome ? outcome.goods : undefined;
  return { ...outcome, goods: goods?.map(({ secret, number }) => [secret.reveal(), number?.reveal()]) };
}
