import { expect, onTestFinished, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import { secondOperator } from "../../support/ops/second-operator.ts";
import { available, eventually, http, openShop, operate, tryToOperate } from "../../support/orders/shop.ts";
import { startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { receiver } from "../../support/webhooks/receiver-process.ts";

// What channels pay in, and what is taken out again because it was wrong, through the deployed functions.

const stack = deployedStack();
const { json } = terminal(stack);

test("a wrong deposit is reversed by two people, each on record, and the command line waits for the second", async () => {
  const shop = await openShop(0);
  const { channelId } = shop;
  const deposit = ["channels", "deposit", "--channel", channelId, "--amount", "50000", "--currency", "CNY"];
  expect(await json(...deposit, "--reference", "bank-1")).toMatchObject({ code: 0 });
  const path = `/admin/v1/channels/${channelId}/deposit-reversals`;
  const call = { method: "POST", path, json: { reference: "bank-1", reason: "typed twice" } } as const;
  expect(await tryToOperate(stack, call)).toMatchObject({ status: 409, body: { code: "person_unknown" } });
  const [anna, ben] = [await secondOperator(stack), await secondOperator(stack)];
  expect(await anna(call)).toMatchObject({ status: 202, body: { state: "proposed" } });
  expect(await anna(call)).toMatchObject({ status: 409, body: { code: "second_person_required" } });
  expect(await available(shop)).toBe(50_000);
  expect(await ben(call)).toMatchObject({ status: 200, body: { state: "reversed", money: { amount: 50_000 } } });
  expect(await ben(call)).toMatchObject({ status: 200, body: { state: "reversed" } });
  expect(await available(shop)).toBe(0);
  const trail = (await trailOf(domain(), channelId)).filter(({ action }) => action.startsWith("deposit_reversal"));
  expect(trail.map(({ action }) => action)).toEqual([
    "deposit_reversal_proposed bank-1",
    "deposit_reversal_reversed bank-1",
  ]);
  expect(new Set(trail.map(({ by }) => by)).size).toBe(2);
  expect(trail[1]?.what).toMatchObject({
    reference: "bank-1",
    reason: expect.stringContaining("typed twice (proposed by ") as string,
  });
  const refused = await json(
    "channels",
    "reverse-deposit",
    "--channel",
    channelId,
    "--reference",
    "none",
    "--reason",
    "r",
  );
  expect(refused).toMatchObject({ code: 1, value: { code: "not_found" } });
});

test("a channel pays in at a provider, with a key that may, finds the money in its balance, and is told", async () => {
  const simulator = await startPaymentSimulator();
  onTestFinished(() => simulator.stop());
  const provider = `sim-${crypto.randomUUID().slice(0, 8)}`;
  const { credentials, url: baseUrl } = simulator;
  const notificationUrl = `${stack.apiUrl}/v1/payments/${provider}/notifications`;
  const named = { name: provider, protocol: "simulated", baseUrl, credentials, notificationUrl, fees: ["0.6%"] };
  await operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json: named });
  const shop = await openShop(0);
  const json = { amount: { amount: 100_000, currency: "CNY" }, payment: { provider, flow: "page" }, reference: "r-7" };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const pay = (key: string, body: object = json) => http(stack, "POST", "/v1/deposits", { key, headers, json: body });
  const { apiKey: reader } = await operate(stack, {
    method: "POST",
    path: `/admin/v1/channels/${shop.channelId}/keys`,
    json: { scopes: ["account:read"] },
  });
  expect((await pay(String(reader))).status).toBe(403);
  const told = await receiver(stack);
  onTestFinished(() => told.kill());
  const endpoint = await http(stack, "POST", "/v1/webhook-endpoints", {
    key: shop.key,
    headers: { "Idempotency-Key": crypto.randomUUID() },
    json: { url: told.url },
  });
  await told.start(endpoint.body.secret);
  const begun = await pay(shop.key);
  expect(begun).toMatchObject({
    status: 201,
    body: { state: "awaiting_payment", reference: "r-7", amount: json.amount },
  });
  expect((await pay(shop.key)).body.id).toBe(begun.body.id);
  const other = await pay(shop.key, { ...json, reference: "r-8" });
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  expect((await fetch(String(begun.body.payment.url), { method: "POST" })).status).toBe(200);
  const paid = await eventually(async () => {
    const { body } = await http(stack, "GET", `/v1/deposits/${begun.body.id}`, { key: String(reader) });
    return body.state === "paid" ? body : undefined;
  }, "the deposit that was paid");
  expect(paid.payment.url).toBeUndefined();
  expect(await available(shop)).toBe(100_000);
  const listed = await http(stack, "GET", "/v1/deposits", { key: shop.key });
  expect(listed.body).toMatchObject({ data: [{ id: paid.id, state: "paid" }], nextCursor: null });
  const none = await http(stack, "GET", "/v1/deposits?state=expired", { key: shop.key });
  expect(none.body).toEqual({ data: [], nextCursor: null });
  await expect
    .poll(() => told.took().map(({ type, data }) => [type, data]))
    .toEqual([
      [
        "deposit.paid",
        { id: paid.id, state: "paid", reference: "r-7", channelId: shop.channelId, paymentId: paid.payment.id },
      ],
    ]);
  const ops = terminal(stack).json;
  const seen = { id: paid.id, channelId: shop.channelId, state: "paid", reference: "r-7", payment: { counted: true } };
  const list = ["deposits", "list", "--channel", shop.channelId, "--state", "paid", "--since", "1h"];
  expect(await ops(...list)).toMatchObject({ code: 0, value: { data: [seen] } });
  expect(await ops("deposits", "show", String(paid.id))).toMatchObject({ code: 0, value: seen });
  const stranger = await openShop(0);
  expect((await http(stack, "GET", `/v1/deposits/${paid.id}`, { key: stranger.key })).status).toBe(404);
});
