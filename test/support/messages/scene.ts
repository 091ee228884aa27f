import { newId } from "../../../shared/kernel/ids.ts";
import type { Outgoing, SendOutcome } from "../../../shared/messages/contract.ts";
import type { Message } from "../../../shared/messages/model.ts";
import { pageOfOrder } from "../../../shared/messages/page.ts";
import { messagesOfOrder } from "../../../shared/messages/record.ts";
import { sweepMessages } from "../../../shared/messages/sweep.ts";
import type { ChannelMessages } from "../../../shared/messages/table.ts";
import { type TellDeps, tellBuyer } from "../../../shared/messages/tell.ts";
import { type Contact, contactBinding } from "../../../shared/orders/contact.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { openContact } from "../../../shared/orders/open-contact.ts";
import { putOrder } from "../../../shared/orders/table.ts";
import { linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { codeLine, orderOf } from "../orders/order-fixtures.ts";

export const PAGE = "https://shop.example/o/{order}";
export const SHOP = {
  shop: "Star shop",
  language: "en",
  email: "mail",
  sms: "text",
  prefer: "email",
  turns: ["delivered", "delayed", "in_review", "refunded"],
  page: PAGE,
} as const;

/** Messages on a clock of their own, with senders whose answers the scene chooses. `got`: what they have really sent. */
export function messageScene({ deps }: Pick<Everything, "deps">, got: Outgoing[] = []) {
  let now = Date.parse("2026-03-01T12:00:00.000Z");
  const woken: string[] = [];
  /** Those of this scene: others share its tables. */
  const own = new Set<string>();
  let answer: (message: Outgoing) => SendOutcome | Promise<SendOutcome> = () => ({
    kind: "sent",
    senderMessageId: "s",
  });
  let settings: Partial<ChannelMessages> = {};
  let limits: { countries?: readonly string[]; perDay?: number } = {};
  const telling: TellDeps = {
    ...deps,
    clock: () => new Date(now),
    settingsOf: async (channelId) => ({ ...SHOP, turns: [...SHOP.turns], channelId, ...settings }),
    openContact: (order) => openContact(deps, order),
    linkOf: async (order, said) =>
      pageOfOrder(order, said, new Date(now), {
        token: linkTokensWith(Buffer.alloc(32, 1)),
        urlOf: (of) => `https://us.example/d/${of}`,
      }),
    reachSender: async (name) =>
      name === "missing"
        ? undefined
        : {
            ...limits,
            send: async (message) => {
              const outcome = await answer(message);
              if (outcome.kind === "sent" || outcome.kind === "unknown") got.push(message);
              return outcome;
            },
          },
  };
  return {
    telling,
    got,
    woken,
    answerWith: (with_: typeof answer): void => {
      answer = with_;
    },
    reachedWith: (said: typeof limits): void => {
      limits = said;
    },
    set: (more: Partial<ChannelMessages>): void => {
      settings = more;
    },
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
    at: (): string => new Date(now).toISOString(),
    /** Writes down an order of a buyer who can be reached. */
    orderOf: async (
      more: Partial<Order> = {},
      contact: Contact | null = { email: "anna@example.com" },
    ): Promise<Order> => {
      const id = newId("ord");
      const sealed =
        contact === null ? {} : { contact: await deps.sealContact(contact, (field) => contactBinding(id, field)) };
      const order = orderOf(more.state ?? "fulfilled", [codeLine("fulfilled")], { id, ...more, ...sealed });
      await putOrder(deps, order);
      own.add(id);
      return order;
    },
    tell: (orderId: string): Promise<Message[]> => tellBuyer(telling, orderId),
    /** What is known of an order's messages, without what no test looks at. */
    known: (orderId: string): Promise<Message[]> => messagesOfOrder(deps, orderId),
    /** Lets so much time pass, minute by minute, with the schedule and whom it wakes. */
    run: async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 60) {
        now += 60_000;
        woken.splice(0);
        await sweepMessages({ ...telling, wake: async (orderId) => void woken.push(orderId) });
        for (const orderId of woken) if (own.has(orderId)) await tellBuyer(telling, orderId);
      }
    },
  };
}
