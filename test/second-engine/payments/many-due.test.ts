import { expect, test } from "vitest";
import { transact } from "../../../shared/aws/dynamo.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { carePayments } from "../../../shared/payments/due.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { newPaymentWrite } from "../../../shared/payments/payments.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();

/** What a shop that sells twenty orders a second has due in a minute, and more than any shard had room for once. */
const DUE = 1_200;

test("as many payments are due in a minute as a busy shop begins: all of them are looked at by the same schedule, the oldest first", async () => {
  const channelId = newId("chan");
  const ids: string[] = [];
  const due = (number: number): Payment => {
    const orderId = newId("ord");
    const id = orderPaymentId(orderId, 1, 1);
    ids.push(id);
    const at = new Date(Date.parse("2026-03-01T12:00:00.000Z") + number).toISOString();
    const purpose = { kind: "order", orderId, epoch: 1 } as const;
    const amount = { amount: 100, currency: "CNY" };
    const times = { createdAt: at, dueAt: at, expiresAt: "2026-03-01T12:15:00.000Z" };
    const said = { id, version: 1, purpose, channelId, amount, provider: "simulated", attempt: 1, ...times };
    return { ...said, state: "pending", refunds: {}, asked: 0 };
  };
  for (let from = 0; from < DUE; from += 100)
    await transact(
      deps.db,
      Array.from({ length: 100 }, (_, index) => newPaymentWrite(deps, due(from + index))),
    );
  const sent: string[] = [];
  const sqs = {
    send: ({ input }: { input: { MessageBody: string } }) => {
      sent.push((JSON.parse(input.MessageBody) as { paymentId: string }).paymentId);
      return Promise.resolve({});
    },
  } as never;
  const looked = await carePayments({
    ...deps,
    sqs,
    paymentQueueUrl: "q",
    clock: () => new Date("2026-03-01T12:01:00.000Z"),
  });
  expect(looked).toEqual({ due: DUE, oldestSeconds: 60 });
  expect(sent).toEqual(ids);
});
