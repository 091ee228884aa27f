import { afterAll, describe, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { readLanes } from "../../../shared/ledger/lanes.ts";
import { settle } from "../../../shared/ledger/settle.ts";
import { balance } from "../../../shared/payments/balance.ts";
import type { Charge } from "../../../shared/payments/contract.ts";
import { deferred } from "../../../shared/payments/deferred.ts";
import { orderPaymentId } from "../../../shared/payments/model.ts";
import { methodOf } from "../../../shared/payments/registry.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { giveMoney } from "../../support/orders/market.ts";
import { methodConforms } from "../../support/payments/method-conformance.ts";
import { AMOUNTS, startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();
const FUNDS = 10_000;

function chargeFor(channelId: string, amount: number): Charge {
  const orderId = newId("ord");
  return {
    id: orderPaymentId(orderId, 1, 1),
    purpose: { kind: "order", orderId, epoch: 1 },
    channelId,
    amount: { amount, currency: "CNY" },
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  };
}

describe("paying from a balance", () => {
  const spendable = async ({ channelId }: Charge): Promise<number> =>
    (await readLanes(deps, { channelId, currency: "CNY" })).reduce((sum, lane) => sum + lane.spendable, 0);
  methodConforms({
    method: () => balance(deps),
    charge: async (amount) => {
      const charge = chargeFor(newId("chan"), amount);
      await giveMoney(deps, charge.channelId, FUNDS);
      return charge;
    },
    refused: async () => {
      const charge = chargeFor(newId("chan"), FUNDS + 1);
      await giveMoney(deps, charge.channelId, FUNDS);
      return charge;
    },
    // What stands is booked as the order names it; until then it can't go back by a refund.
    pay: async (charge) => {
      const stands = await balance(deps).query(charge);
      if (stands.kind !== "stands") throw new Error("it does not stand");
    },
    kept: async (charge) => FUNDS - (await spendable(charge)),
  });

  test("what is set aside is booked by its nonce, and only then it is a sale", async () => {
    const charge = chargeFor(newId("chan"), 100);
    await giveMoney(deps, charge.channelId, FUNDS);
    const started = await balance(deps).start(charge);
    if (started.kind !== "stands" || charge.purpose.kind !== "order") throw new Error("it does not stand");
    const { channelId, amount, purpose } = charge;
    const funding = {
      channelId,
      ...amount,
      orderId: purpose.orderId,
      epoch: 1,
      fundedBy: [started.nonce],
      isOver: false,
    };
    const [lane] = await readLanes(deps, { channelId, currency: "CNY" });
    if (lane === undefined) throw new Error("the account vanished");
    expect(await settle(deps, lane, [{ ...funding, fundedAt: new Date().toISOString() }])).toBe(1);
  });
});

describe("paying later", () => {
  methodConforms({
    method: () => deferred,
    charge: (amount) => Promise.resolve(chargeFor("chan_1", amount)),
    kept: () => Promise.resolve(0),
  });
});

describe("paying at the simulated provider", async () => {
  const simulator = await startPaymentSimulator();
  afterAll(() => simulator.stop());
  const settings = { baseUrl: simulator.url, timeoutMs: 2_000 };
  methodConforms({
    method: () => methodOf("simulated", settings, simulator.credentials, "local"),
    charge: (amount) => Promise.resolve(chargeFor("chan_1", amount)),
    refused: () => Promise.resolve(chargeFor("chan_1", AMOUNTS.refused)),
    pay: ({ id }) => {
      simulator.pay(id);
      return Promise.resolve();
    },
    notification: ({ id }) => simulator.notification(id),
    desk: {
      open: ({ id }) => simulator.dispute(id),
      notification: (_charge, disputeId) => simulator.disputeNotification(disputeId),
      answers: (_charge, disputeId) => simulator.disputes.evidenceFor(disputeId).length,
      decide: (_charge, disputeId, how) => simulator.disputes.decide(disputeId, how),
    },
    bounce: ({ id }, refund) => {
      simulator.turnRefund(id, refund.id, "failed");
      return Promise.resolve(simulator.notification(id, "refund.updated", refund.id));
    },
    kept: ({ id }) => Promise.resolve(simulator.holdsOf(id)),
  });

  test("nobody listens, or it is down, or it asks us to wait: nothing is taken for an answer", async () => {
    const charge = chargeFor("chan_1", 100);
    const nowhere = methodOf(
      "simulated",
      { ...settings, baseUrl: "http://127.0.0.1:1023" },
      simulator.credentials,
      "dev",
    );
    expect(await nowhere.start(charge)).toEqual({ kind: "not_sent", reason: "unreachable" });
    expect((await nowhere.query(charge)).kind).toBe("unknown");
    const here = methodOf("simulated", settings, simulator.credentials, "dev");
    expect(await here.start(chargeFor("chan_1", AMOUNTS.throttled))).toMatchObject({
      kind: "not_sent",
      reason: "throttled",
    });
    const lost = chargeFor("chan_1", AMOUNTS.lostAnswer);
    expect((await here.start(lost)).kind).toBe("unknown");
    expect((await here.query(lost)).kind).toBe("pending");
    simulator.setDown(true);
    for (const outcome of [await here.start(charge), await here.query(charge), await here.close(charge)])
      expect(outcome.kind).toBe("unknown");
    simulator.setDown(false);
    const stranger = methodOf("simulated", settings, { ...simulator.credentials, apiKey: "other" }, "dev");
    expect((await stranger.start(charge)).kind).toBe("not_sent");
  });

  test("production refuses to set one, and to speak to one", async () => {
    expect(() => methodOf("simulated", settings, simulator.credentials, "prod")).toThrow("moves no money");
    const production = { ...deps, paymentSecretsPrefix: "/payments/", environmentName: "prod" };
    const provider = { name: "simulated", protocol: "simulated", baseUrl: simulator.url, timeoutMs: 2_000 } as const;
    const set = await setProvider(production, { ...provider, credentials: simulator.credentials });
    expect(set).toMatchObject({ ok: false, code: "invalid_request", errors: [{ pointer: "/protocol" }] });
  });
});
