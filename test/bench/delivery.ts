import { readDelivery } from "../../functions/buyer/delivery/view.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { createChannel } from "../../shared/channels/keys.ts";
import { findDelivery } from "../../shared/deliveries/find.ts";
import { revealByLink } from "../../shared/deliveries/reveal.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { deposit } from "../../shared/ledger/deposits.ts";
import type { ChannelMessages } from "../../shared/messages/table.ts";
import { type TellDeps, tellBuyer } from "../../shared/messages/tell.ts";
import { openContact } from "../../shared/orders/open-contact.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { linkTokensWith } from "../../shared/secrecy/link-tokens.ts";
import { domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { ASSUMED, lambda, together, type Usage, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

const ORDERS = 50;

/** What a part takes of AWS beside its calls to the tables and keys. */
const PARTS = {
  // Its style and its script stand in the page: nothing else is fetched.
  page: together({ httpRequest: 1 }, lambda(1, 512, ASSUMED.stepSeconds)),
  reveal: together({ httpRequest: 1 }, lambda(1, 512, ASSUMED.stepSeconds)),
  // The entry on the bus is the order's own, and counted with the sale. The bus puts the order into the queue, and the function waits for
  // the sender's answer; a call receives, works on and deletes what is sold within a second.
  message: together(
    { sqs: 1 + 2 / ASSUMED.messagesPerBatch },
    lambda(1 / ASSUMED.messagesPerBatch, 512, ASSUMED.stepSeconds + ASSUMED.senderSeconds),
  ),
} as const satisfies Record<string, Usage>;
type Part = keyof typeof PARTS;

/**
 * The delivery of an order of one code by its page, which its buyer opens and has the code shown on, and the mail that tells of it. The
 * process is warm: it knows the shop, the product and the data key of the codes. `cold`: the same where KMS opens each order's key.
 */
export async function delivery(own: OwnTables): Promise<Figures> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack: own.stack });
  const token = linkTokensWith(Buffer.alloc(32, 1));
  const sold = await sell(deps, token);
  const settings: ChannelMessages = {
    channelId: sold.channelId,
    shop: "Bench",
    language: "en",
    email: "bench",
    prefer: "email",
    turns: ["delivered"],
    page: "https://shop.example/{order}",
  };
  const telling: TellDeps = {
    ...deps,
    settingsOf: async () => settings,
    reachSender: async () => ({ send: async () => ({ kind: "sent", senderMessageId: "bench" }) }),
    openContact: (order) => openContact(deps, order),
    linkOf: async () => ({ url: "https://shop.example/d/x", token: "x" }),
  };
  const work: Record<Part, (orderId: string) => Promise<unknown>> = {
    page: async (id) => {
      const found = await findDelivery(deps, token(id, 1), "192.0.2.1");
      if (found.kind === "found") await readDelivery(deps, found.order);
    },
    reveal: async (id) => {
      const found = await findDelivery(deps, token(id, 1), "192.0.2.1");
      if (found.kind !== "found") throw new Error("the link opens nothing");
      const visit = { sourceIp: "192.0.2.1", requestId: "bench" };
      valueOf(await revealByLink(deps, found.order, visit, { from: 0, limit: 1 }));
      await readDelivery(deps, found.order);
    },
    message: async (id) => {
      const told = await tellBuyer(telling, id);
      if (told[0]?.state !== "sent") throw new Error("the message was not sent");
    },
  };
  const [first = "", ...others] = sold.orderIds;
  const usages = {} as Record<Part, Usage>;
  for (const part of ["page", "reveal", "message"] as const) {
    await work[part](first);
    meter.take();
    for (const id of others) await work[part](id);
    const all = together(...meter.take().map(({ usage }) => usage));
    usages[part] = Object.fromEntries(Object.entries(all).map(([unit, count]) => [unit, count / others.length]));
  }
  return figuresOf(usages);
}

async function sell(deps: ReturnType<typeof domain>, linkToken: ReturnType<typeof linkTokensWith>) {
  const product = { kind: "code", name: "Bench code", price: { amount: 1500, currency: "CNY" } } as const;
  const { id: productId } = valueOf(await createProduct(deps, product, newId("req")));
  const channel = valueOf(await createChannel(deps, { name: "Bench shop" }, newId("req"), new Date()));
  valueOf(await importCodes(deps, productId, ["secret", ...makeCodes(ORDERS + 10)].join("\n"), { dryRun: false }));
  await deposit(deps, channel.id, { amount: 1_000_000, currency: "CNY" }, "bench", new Date());
  const orderIds: string[] = [];
  for (let sold = 0; sold <= ORDERS; sold++) {
    const request = {
      lines: [{ productId, quantity: 1 }],
      payment: { method: "balance" } as const,
      contact: { email: `buyer${sold}@example.com` },
    };
    orderIds.push(valueOf(await placeOrder(deps, channel.id, newId("req"), request, {}, { linkToken })).id);
  }
  return { channelId: channel.id, orderIds };
}

function figuresOf(usages: Record<Part, Usage>): Figures {
  const usd = (part: Part, isCold = false): number => {
    const { kms = 0, ...warm } = usages[part];
    return usdPerMillion(together(warm, PARTS[part], isCold ? { kms } : {}));
  };
  const parts = Object.keys(PARTS) as Part[];
  return {
    ...Object.fromEntries(
      parts.flatMap((part) => [
        [`delivery.${part}_wcu`, figure(usages[part].wcu ?? 0, "write units")],
        [`delivery.${part}_rcu`, figure(usages[part].rcu ?? 0, "read units")],
        [`delivery.${part}_kms`, figure(usages[part].kms ?? 0, "KMS calls")],
        [`delivery.${part}_usd_per_million`, figure(usd(part, true), "USD")],
      ]),
    ),
    "delivery.usd_per_million": figure(usd("page") + usd("reveal", true), "USD"),
    "delivery.cold_keys_usd_per_million": figure(
      usd("page") + usdPerMillion(together({ ...usages.reveal, kms: 1 }, PARTS.reveal)),
      "USD",
    ),
  };
}
