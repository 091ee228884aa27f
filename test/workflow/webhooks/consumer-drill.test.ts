import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { archive } from "../../../shared/events/archive.ts";
import { type ToldNews, toldOf } from "../../../shared/events/event.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { deadLetter, hidingFor, send } from "../../support/dead-letters/dead-letters.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { http, openShop } from "../../support/orders/shop.ts";
import { receiver } from "../../support/webhooks/receiver-process.ts";

// The drill of a consumer of events, as it is deployed: what comes out of order, twice, late or poisoned reaches a receiver of webhooks
// once each, and in order. (Killed and slow: test/second-engine/events and webhooks.)

const stack = deployedStack();
const started: { kill: () => Promise<void> }[] = [];
afterAll(() => Promise.all(started.map((one) => one.kill())));

const bucket = {
  s3: new S3Client({ endpoint: stack.awsEndpoint, region: stack.region, credentials, forcePathStyle: true }),
  eventArchive: stack.eventArchive,
};

/** A channel with a receiver, and news of an order of its that was never placed. */
async function drill() {
  const [shop, itsReceiver] = await Promise.all([openShop(0), receiver(stack)]);
  started.push(itsReceiver);
  const made = await http(stack, "POST", "/v1/webhook-endpoints", {
    key: shop.key,
    json: { url: itsReceiver.url },
    headers: { "Idempotency-Key": "drill" },
  });
  await itsReceiver.start(made.body.secret);
  const orderId = newId("ord");
  const at = new Date().toISOString();
  const news = (number: number, type = "order.paid"): ToldNews => {
    const facts = { orderId, channelId: shop.channelId };
    return toldOf({ subject: orderId, first: number, events: [{ type, occasion: `${orderId} ${number}`, at, facts }] });
  };
  const tell = (detail: ToldNews, more: object = {}) =>
    send(stack, "hear-webhooks", JSON.stringify({ detail, ...more }));
  // It also hears that its channel has changed, and when it hears that, nobody can say.
  const numbers = () =>
    itsReceiver
      .took()
      .filter(({ data }) => data.id === orderId)
      .map(({ data }) => data.number);
  return { news, tell, numbers };
}

test("out of order and twice: each once, in order", async () => {
  const { news, tell, numbers } = await drill();
  for (const number of [3, 1, 3, 2, 1, 2]) await tell(news(number));
  await expect.poll(numbers).toEqual([1, 2, 3]);
});

test("an hour late: it is taken from the archive, and dropped when it comes after all", async () => {
  const { news, tell, numbers } = await drill();
  const late = news(2);
  await archive(bucket, { at: late.events[0]?.at ?? "", of: late.events[0]?.id ?? "" }, [late]);
  await tell(news(1));
  await expect.poll(numbers).toEqual([1]);
  const since = new Date(Date.now() - 3_600_000).toISOString();
  await tell(news(3), { held: { since, times: 9 } });
  await expect.poll(numbers).toEqual([1, 2, 3]);
  await tell(late);
  await tell(news(4));
  await expect.poll(numbers).toEqual([1, 2, 3, 4]);
});

test("poisoned: it alone is a dead letter with its reason, and those behind it go out", async () => {
  const { news, tell, numbers } = await drill();
  await hidingFor(stack, "hear-webhooks", 1, async () => {
    await tell(news(1));
    await expect.poll(numbers).toEqual([1]);
    const id = await tell(news(2, "order.unheard_of"));
    const letter = await deadLetter(stack, "hear-webhooks", id);
    expect(letter).toMatchObject({ reason: "UnknownEvent" });
    await tell(news(3));
    await expect.poll(numbers).toEqual([1, 3]);
  });
});
