import { timingSafeEqual } from "node:crypto";
import type { Db } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { generationOf } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import type { Recognise, RecognitionDeps } from "../secrecy/recognition.ts";
import { countTry, readAsked, useAsked, writeAsked } from "./asked-codes.ts";
import { networkName } from "./find.ts";

// Codes of dear orders are shown after a one-time code that goes to the order's contact: who has the link alone sees nothing.

export type CodeDeps = Db<"operations"> & { clock: Clock } & RecognitionDeps & {
    /** Has the code of this occasion sent to the buyer of an order. */
    send: (orderId: string, occasion: string) => Promise<void>;
  };
type Linked = Pick<Order, "id" | "linkCauses">;

/**
 * How often a one-time code is sent and tried. Five a day, a minute apart; then one an hour, for as long as somebody asks: so who has the
 * link can't shut the buyer out for longer. Each network has five tries of a code, so that who burns theirs leaves the buyer's; and all
 * together have thirty. Of 10^8 codes the 870 tries of a day hit one with a chance of one in 115,000.
 */
const CODE_LIMITS = {
  digits: 8,
  tries: { each: 5, all: 30 },
  perDay: 5,
  everySeconds: 60,
  laterSeconds: 3600,
} as const;
const DAY = 24 * 3600;
/** After a right code the goods may be looked at for so long, by who has typed it. */
const PROOF_SECONDS = 900;

/** What a channel says: from which amount on it wants one, and by which senders its buyers are reached. */
type Confirming = Partial<Record<"email" | "sms", string>> & { confirmAbove?: Money };

/**
 * Tells whether an order's codes want a one-time code: it is worth more than its channel has said, and its buyer gave an address that one
 * of the channel's senders sends to.
 */
export function wantsCode({ total, contact }: Pick<Order, "total" | "contact">, said: Confirming = {}): boolean {
  const { confirmAbove: above, email, sms } = said;
  const isReached = (sender: unknown, address: unknown): boolean => sender !== undefined && address !== undefined;
  const { email: mailbox, phone } = contact?.fields ?? {};
  if (above === undefined || !(isReached(email, mailbox) || isReached(sms, phone))) return false;
  return total.currency !== above.currency || total.amount > above.amount;
}

/** Gives the one-time code of an occasion. Who may name requests can compute it again, so nobody stores it or passes it on. */
export function oneTimeCode(recognise: Recognise, order: Linked, occasion: string): string {
  const mac = recognise("code", { order: order.id, link: generationOf(order), occasion });
  const number =
    Buffer.from(mac.slice(mac.indexOf(":") + 1), "base64url").readBigUInt64BE() % 10n ** BigInt(CODE_LIMITS.digits);
  return String(number).padStart(CODE_LIMITS.digits, "0");
}

/**
 * Has a one-time code sent, if none is good any more, or if another one is wanted and may be sent. It is noted first: a code is sent at
 * most once. `wait`: another one is sent later.
 */
export async function askForCode(
  deps: CodeDeps,
  order: Linked,
  wantsAnother: boolean,
): Promise<"sent" | "there" | "wait"> {
  const now = deps.clock();
  const asked = await readAsked(deps, order);
  const isGood = asked !== undefined && isLiving(asked.occasion, now) && asked.usedAt === undefined;
  if (isGood && !wantsAnother) return asked.tries < CODE_LIMITS.tries.all ? "there" : "wait";
  const sent = (asked?.sent ?? []).filter((at) => after(new Date(at), DAY) > now.toISOString());
  const pause = sent.length < CODE_LIMITS.perDay ? CODE_LIMITS.everySeconds : CODE_LIMITS.laterSeconds;
  const last = sent.at(-1);
  if (last !== undefined && after(new Date(last), pause) > now.toISOString()) return "wait";
  const occasion = String(Math.floor(now.getTime() / 1000));
  const next = { occasion, tries: 0, sent: [...sent, now.toISOString()], version: (asked?.version ?? 0) + 1 };
  // Somebody else's request has come first: that one sends it.
  if (!(await writeAsked(deps, order, next, Math.floor(now.getTime() / 1000) + 2 * DAY))) return "there";
  await deps.send(order.id, occasion);
  return "sent";
}

const isLiving = (occasion: string, now: Date): boolean =>
  (Number(occasion) + LIMITS.codeSeconds) * 1000 > now.getTime();

/**
 * Checks what a buyer has typed. Each try counts before it is compared, however many come at once; a right code is used up. Gives a proof,
 * which shows the goods for a quarter of an hour. Undefined: it is wrong, too old or used, or there were too many tries, of the network that it
 * comes from or of all.
 */
export async function checkCode(
  deps: Omit<CodeDeps, "send">,
  order: Linked,
  typed: string,
  sourceIp: string,
): Promise<string | undefined> {
  const now = deps.clock();
  const asked = await readAsked(deps, order);
  if (asked === undefined || !isLiving(asked.occasion, now)) return undefined;
  if (!(await countTry(deps, order, { occasion: asked.occasion, from: networkName(sourceIp) }, CODE_LIMITS.tries)))
    return undefined;
  const recognise = await deps.recognise();
  if (!isSame(typed.replaceAll(/\D/g, ""), oneTimeCode(recognise, order, asked.occasion))) return undefined;
  if (!(await useAsked(deps, order, asked.occasion, now))) return undefined;
  return proofUntil(recognise, order, Math.floor(now.getTime() / 1000) + PROOF_SECONDS);
}

const proofUntil = (recognise: Recognise, order: Linked, until: number): string =>
  `${until}.${recognise("code", { order: order.id, link: generationOf(order), until })}`;

/** Tells whether a proof is good: of this order's link, and not too old. */
export async function isProof(
  deps: Omit<CodeDeps, "send" | "db" | "tables">,
  order: Linked,
  proof: string,
): Promise<boolean> {
  const until = Number(proof.split(".")[0]);
  if (!Number.isSafeInteger(until) || until * 1000 <= deps.clock().getTime()) return false;
  return isSame(proof, proofUntil(await deps.recognise(), order, until));
}

/** Compares in a time that tells nothing of where two texts differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
