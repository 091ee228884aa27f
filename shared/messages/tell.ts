import type { Db } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Contact } from "../orders/contact.ts";
import type { Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import type { RecognitionDeps } from "../secrecy/recognition.ts";
import type { Language, Medium, Outgoing } from "./contract.ts";
import { takeFromBudget, takeNumber } from "./limits.ts";
import {
  ASKED,
  afterLoss,
  afterSending,
  type Message,
  type Resend,
  type Taken,
  type TemplateName,
  turnsOf,
} from "./model.ts";
import type { Reached } from "./reach.ts";
import { messagesOfOrder, moveMessage, putDown, takeOver } from "./record.ts";
import { suppress, suppressedBy } from "./suppression.ts";
import type { ChannelMessages } from "./table.ts";
import { composeMail, composeText, type Handed } from "./templates/compose.ts";

export type TellDeps = Db<"orders" | "operations"> & {
  clock: Clock;
  settingsOf: (channelId: string) => Promise<ChannelMessages | undefined>;
  /** Gives a sender. Undefined: there is none of this name. */
  reachSender: (name: string) => Promise<Reached | undefined>;
  openContact: (order: Order) => Promise<Contact | undefined>;
  /** What a message hands over: where the buyer's page of an order is, or a one-time code. Undefined: there is no page. */
  linkOf: (order: Order, settings: ChannelMessages, message: Taken) => Promise<Handed | undefined>;
} & RecognitionDeps;

/** A turn of an order is told again once after an answer that was lost, and a one-time code never. */
const resendOf = ({ template }: Pick<Message, "template">): Resend => (template === "code" ? 0 : 1);

/** A way to a buyer: by which medium and sender, and where to. */
type Way = { medium: Medium; sender: string; address: string };

/**
 * Tells the buyer of an order what has happened to it, if its channel wants that. It looks at the order itself, so it may be called any
 * number of times, at once, and late. Each message is written down before it is sent. `asked`: a link that somebody has asked for, which is
 * written whatever the channel tells of. Gives the messages that this call has worked on.
 */
export async function tellBuyer(deps: TellDeps, orderId: string, asked?: Asked): Promise<Message[]> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) return [];
  const settings = await deps.settingsOf(order.channelId);
  if (settings === undefined) return [];
  const known = await messagesOfOrder(deps, orderId);
  const turns = [...wantedTurns(order, settings), ...askedFor(known, deps.clock(), asked)];
  const over = await endObsolete(deps, known, turns, order);
  const contact = await deps.openContact(order);
  if (contact === undefined) return over;
  const worked: Message[] = over;
  for (const taken of turns) {
    const told = await tellOf(deps, { order, settings, contact }, taken, known);
    if (told !== undefined) worked.push(told);
  }
  return worked;
}

const wantedTurns = (order: Order, settings: ChannelMessages): Taken[] =>
  turnsOf(order).filter(({ turn }) => settings.turns.some((wanted) => wanted === turn));

/** What somebody has asked for: a link, on this occasion. */
export type Asked = { turn: (typeof ASKED)[number]; occasion: string };

/** What was asked for is not over before it is sent: it has the link that is good then. But a one-time code is good for a while only. */
const askedFor = (known: readonly Message[], now: Date, asked?: Asked): Taken[] => {
  const before = known
    .filter(
      ({ template, createdAt }) =>
        template !== "code" || after(new Date(createdAt), LIMITS.codeSeconds) > now.toISOString(),
    )
    .flatMap(({ template, occasion }) => ASKED.filter((turn) => turn === template).map((turn) => ({ turn, occasion })));
  const isKnown = before.some(({ turn, occasion }) => turn === asked?.turn && occasion === asked.occasion);
  return asked === undefined || isKnown ? before : [...before, asked];
};

const isOf = ({ turn, occasion }: Taken, message: Message): boolean =>
  message.template === turn && message.occasion === occasion;

/** Ends what still waits and would tell what is over, or whose recipient was erased. */
async function endObsolete(
  deps: TellDeps,
  known: readonly Message[],
  turns: readonly Taken[],
  { contact }: Order,
): Promise<Message[]> {
  const over = known.filter(
    (message) => message.state === "waiting" && (contact === undefined || !turns.some((taken) => isOf(taken, message))),
  );
  const ended = await Promise.all(over.map((message) => moveMessage(deps, message, { state: "obsolete" })));
  return ended.filter((message) => message !== undefined);
}

type About = { order: Order; settings: ChannelMessages; contact: Contact };

async function tellOf(
  deps: TellDeps,
  about: About,
  taken: Taken,
  known: readonly Message[],
): Promise<Message | undefined> {
  const there = known.find((message) => isOf(taken, message));
  const way = wayTo(about, there?.medium);
  if (way === undefined) return undefined;
  const mine = there === undefined ? await begin(deps, about.order, taken, way) : await goOn(deps, there, way);
  return mine?.state === "sending" ? sendIt(deps, about, way, mine, taken.turn) : mine;
}

/** Chooses how the buyer is reached; a message that was begun stays with its medium. */
function wayTo({ settings, contact }: About, begun?: Medium): Way | undefined {
  const others = (["email", "sms"] as const).filter((medium) => medium !== settings.prefer);
  for (const medium of begun === undefined ? [settings.prefer, ...others] : [begun]) {
    const [sender, address] = [settings[medium], medium === "email" ? contact.email : contact.phone];
    if (sender !== undefined && address !== undefined) return { medium, sender, address };
  }
  return undefined;
}

async function begin(
  deps: TellDeps,
  { id: orderId, channelId }: Order,
  { turn, occasion }: Taken,
  { medium, sender, address }: Way,
): Promise<Message | undefined> {
  const recognise = await deps.recognise();
  const to = recognise("contact", address.toLowerCase());
  return putDown(deps, { orderId, channelId, template: turn, occasion, medium, sender, to });
}

/**
 * Takes over a message that is due: it could not be sent, or the call that had it has died. Undefined: it is over, another call has it, or
 * it isn't due.
 */
async function goOn(deps: TellDeps, message: Message, { sender }: Way): Promise<Message | undefined> {
  const { state, dueAt = "", lost } = message;
  if ((state !== "waiting" && state !== "sending") || dueAt > deps.clock().toISOString()) return undefined;
  if (state === "waiting") return takeOver(deps, message, { sender });
  const end = afterLoss(message, resendOf(message));
  return end === undefined ? takeOver(deps, message, { sender, lost: lost + 1 }) : moveMessage(deps, message, end);
}

async function sendIt(
  deps: TellDeps,
  about: About,
  way: Way,
  message: Message,
  template: TemplateName,
): Promise<Message | undefined> {
  const link = await deps.linkOf(about.order, about.settings, { turn: template, occasion: message.occasion });
  if (link === undefined) return moveMessage(deps, message, { state: "withheld", reason: "no_link" });
  const sender = await deps.reachSender(way.sender);
  const held = await heldBack(deps, way, message, sender);
  if (held !== undefined) return moveMessage(deps, message, held);
  const outcome =
    sender === undefined
      ? ({ kind: "not_sent", reason: "sender_missing" } as const)
      : await sender.send(outgoing({ ...about, link }, way, message, template));
  if (outcome.kind === "refused" && outcome.about === "recipient") await suppress(deps, message.to, "bounced");
  return moveMessage(deps, message, afterSending(message, outcome, deps.clock(), resendOf(message)));
}

/**
 * Says what keeps a message from being sent: a recipient who gets none any more, a country that is not on the list, or a limit, after which
 * it waits. Undefined: nothing.
 */
async function heldBack(
  deps: TellDeps,
  { medium, sender: name, address }: Way,
  { to }: Message,
  { countries, perDay }: Partial<Reached> = {},
): Promise<(Partial<Message> & Pick<Message, "state">) | undefined> {
  const notice = await suppressedBy(deps, to);
  if (notice !== undefined) return { state: "withheld", reason: notice, unreachable: true };
  if (countries?.some((code) => address.startsWith(`+${code}`)) === false)
    return { state: "withheld", reason: "country_not_allowed" };
  const until = medium === "sms" ? await takeNumber(deps, to) : undefined;
  if (until !== undefined) return { state: "waiting", reason: "number_limited", dueAt: until };
  const tomorrow = perDay === undefined ? undefined : await takeFromBudget(deps, name, perDay);
  return tomorrow === undefined ? undefined : { state: "waiting", reason: "budget_spent", dueAt: tomorrow };
}

function outgoing(
  { order, settings, contact, link }: About & { link: Handed },
  { medium, address: to }: Way,
  { id }: Message,
  template: TemplateName,
): Outgoing {
  const language = languageOf(contact, settings);
  const { shop, help } = settings;
  const filling = { shop, help, order: order.reference ?? order.id, link };
  return medium === "email"
    ? { medium, id, to, tags: { order: order.id, message: id }, ...composeMail(template, language, filling) }
    : { medium, id, to, ...composeText(template, language, filling) };
}

/** The buyer's language, if we have it; otherwise the channel's. */
function languageOf({ locale = "" }: Contact, { language }: ChannelMessages): Language {
  const [said] = locale.split("-");
  return said === "zh" || said === "en" ? said : language;
}
