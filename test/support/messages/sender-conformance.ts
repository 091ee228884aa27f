import { expect, test } from "vitest";
import type { Mail, Medium, Outgoing, Sender, TextMessage } from "../../../shared/messages/contract.ts";
import { composeMail, composeText } from "../../../shared/messages/templates/compose.ts";

/** What the other side does with the next message. */
export const MOODS = [
  "takes",
  "knows_no_such_recipient",
  "refuses_message",
  "is_busy",
  "is_down",
  "refuses_us",
  "loses_answer",
  "talks_nonsense",
] as const;
export type Mood = (typeof MOODS)[number];

/** What another side took: to whom, all that was said, and how long that is. */
export type Taken = { to: string; said: string };

/** The other side of a sender, as its documents describe it. */
export type Party = {
  medium: Medium;
  sender: () => Sender;
  /** Undefined: the protocol has nothing like it. */
  moods: readonly Mood[];
  be: (mood: Mood) => void;
  taken: () => readonly Taken[];
  /** What must arrive of a message for its buyer to find their order: the link, or the token if the domain is registered. */
  linkIn: (message: Outgoing) => string;
  stop: () => Promise<void>;
};

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const EXPECTED: Readonly<Record<Mood, object>> = {
  takes: { kind: "sent", senderMessageId: expect.stringMatching(/./) },
  knows_no_such_recipient: { kind: "refused", about: "recipient", reason: expect.stringMatching(CODE) },
  refuses_message: { kind: "refused", about: "message", reason: expect.stringMatching(CODE) },
  is_busy: { kind: "not_sent", reason: expect.stringMatching(CODE) },
  is_down: { kind: "not_sent", reason: expect.stringMatching(CODE) },
  refuses_us: { kind: "not_sent", reason: expect.stringMatching(CODE) },
  loses_answer: { kind: "unknown", reason: expect.stringMatching(CODE) },
  talks_nonsense: { kind: "unknown", reason: expect.stringMatching(CODE) },
};
/** How many copies the other side may have taken. */
const TAKEN: Readonly<Record<Mood, readonly number[]>> = {
  takes: [1],
  knows_no_such_recipient: [0],
  refuses_message: [0],
  is_busy: [0],
  is_down: [0],
  refuses_us: [0],
  loses_answer: [1],
  talks_nonsense: [0, 1],
};

let sent = 0;

export function aMail(to = `anna.${sent}@example.com`, more: Partial<Mail> = {}): Mail {
  sent += 1;
  const link = { url: `https://shop.example/d/TOKEN${sent}`, token: `TOKEN${sent}` };
  const filling = { shop: "星河 Games", help: "help@shop.example", order: `shop-${sent}`, link };
  return { medium: "email", id: `msg_${sent}`, to, ...composeMail("delivered", "zh", filling), ...more };
}

export function aText(to = `+86138001${String(sent).padStart(5, "0")}`): TextMessage {
  sent += 1;
  const link = { url: `https://shop.example/d/TOKEN${sent}`, token: `TOKEN${sent}` };
  const filling = { shop: "星河 Games", order: `shop-${sent}`, link };
  return { medium: "sms", id: `msg_${sent}`, to, ...composeText("delivered", "zh", filling) };
}

/** The same suite for every adapter: what messages take for granted of it. */
export function senderConforms(party: Party): void {
  const message = (): Outgoing => (party.medium === "email" ? aMail() : aText());

  test.each(party.moods)("says what became of a message when the other side %s", async (mood) => {
    party.be(mood);
    const one = message();
    const before = party.taken().length;
    const outcome = await party.sender().send(one);
    expect(outcome).toMatchObject(EXPECTED[mood]);
    const copies = party.taken().slice(before);
    expect(TAKEN[mood]).toContain(copies.length);
    for (const copy of copies) expect(copy).toEqual({ to: one.to, said: expect.stringContaining(party.linkIn(one)) });
    for (const secret of [one.to, party.linkIn(one)]) expect(JSON.stringify(outcome)).not.toContain(secret);
  });

  test("refuses a message of another medium, and sends nothing", async () => {
    party.be("takes");
    const before = party.taken().length;
    const other = party.medium === "email" ? aText() : aMail();
    expect(await party.sender().send(other)).toMatchObject({ kind: "refused", about: "message" });
    expect(party.taken()).toHaveLength(before);
  });

  test("goes on after each of its failures", async () => {
    for (const mood of party.moods) {
      party.be(mood);
      await party.sender().send(message());
      party.be("takes");
      expect(await party.sender().send(message())).toMatchObject({ kind: "sent" });
    }
  });
}
