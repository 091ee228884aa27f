import { expect, test } from "vitest";
import { eventually, operate } from "../../support/orders/shop.ts";
import { disputedShop } from "../../support/payments/disputed-shop.ts";

// Payments are disputed at their provider, over HTTP: the deployed functions, with a provider that is a server of its own.

const { stack, simulator, sold, disputed, becomes, get } = await disputedShop();
const post = (id: string, what: string, json?: object) =>
  operate(stack, { method: "POST", path: `/admin/v1/disputes/${id}/${what}`, ...(json === undefined ? {} : { json }) });

test("a dispute is booked when its provider tells, evidence that a person sends gets there once, and what is lost is a loss", async () => {
  const { orderId, paymentId, total } = await sold();
  const { id, name } = await disputed(paymentId);
  expect(await get(`/${id}`)).toMatchObject({
    state: "opened",
    orderId,
    funds: { taken: total.amount, givenBack: 0 },
    booked: { pending: total.amount, fee: 15 },
  });
  const evidence = await get(`/${id}/evidence`);
  expect(evidence.looks).toHaveLength(1);
  await Promise.all([post(id, "evidence"), post(id, "looks")]);
  expect(await becomes(id, "answered")).toMatchObject({ answer: { what: "evidence", state: "sent" } });
  expect(simulator.disputes.evidenceFor(name)).toHaveLength(1);
  expect(simulator.disputes.evidenceFor(name)[0]?.text).toContain(orderId);
  simulator.disputes.decide(name, "lost");
  const lost = await eventually(async () => {
    const now = await get(`/${id}`);
    return now.goods === undefined ? undefined : now;
  }, "the goods that stay delivered");
  expect(lost).toMatchObject({ state: "lost", goods: "kept", booked: { pending: 0, loss: total.amount } });
  expect((await get("?over=true&limit=5")).data).toContainEqual(expect.objectContaining({ id }));
});

test("goods that nobody has seen are not shown while their payment is disputed; accepted, they go back to stock", async () => {
  const { paymentId, see, look } = await sold(false);
  const { id } = await disputed(paymentId);
  expect(await look()).toMatchObject({ status: 409, body: { code: "payment_disputed" } });
  await post(id, "acceptance");
  await becomes(id, "lost");
  await eventually(
    async () => ((await see()).state === "cancelled" ? true : undefined),
    "the order that is taken back",
  );
  expect(simulator.refunds(paymentId)).toEqual([]);
});

test("a complaint is replied to and completed by a person, who sees what the payer writes", async () => {
  const { paymentId } = await sold();
  const { id, name } = await disputed(paymentId, { state: "complained" });
  expect(await get(`/${id}/words`)).toEqual({ words: "Where is my code?" });
  await post(id, "replies", { text: "It is on your delivery page." });
  await becomes(id, "replied");
  await post(id, "completion");
  await becomes(id, "completed");
  expect(simulator.disputes.repliesTo(name)).toEqual(["It is on your delivery page."]);
});
