/**
 * What every way to send a message to a buyer looks like to us. An adapter turns one sender's protocol into these few words; nothing
 * else of it gets past the adapter. Reasons are stable snake_case codes of ours, never a sender's own text: that names people, and
 * reasons end up in messages and logs.
 */
import type * as z from "zod";
import type { Secret } from "../kernel/secret.ts";

export const MEDIA = ["email", "sms"] as const;
export type Medium = (typeof MEDIA)[number];

/** The languages that our templates have. */
export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

type Addressed = {
  /** Our name for the message, the same each time it is sent. A sender that knows such names sends it once. */
  id: string;
  /** Personal data: an adapter passes it on, and puts it nowhere else. */
  to: string;
};

export type Mail = Addressed & {
  medium: "email";
  /** Whose name stands before the sender's address. */
  fromName: string;
  subject: string;
  text: string;
  html: string;
  /** By which a sender's later notice names the message: words and ids of ours. */
  tags?: Readonly<Record<string, string>>;
  /** The address that takes a one-click unsubscription by POST (RFC 8058). Absent: the message can't be unsubscribed from. */
  unsubscribe?: string;
};

export type TextMessage = Addressed & {
  medium: "sms";
  /** The whole text, for senders that take one. */
  text: string;
  /** The name of the template, for senders whose templates are registered: `delivered.zh`. */
  template: string;
  /** What is filled into a registered template. The domain stands in the template, so the token alone is a variable. */
  variables: Readonly<Record<string, string>>;
};

export type Outgoing = Mail | TextMessage;

export type SendOutcome =
  /** The sender has taken it. Whether it arrives, a later notice may tell. */
  | { kind: "sent"; senderMessageId: string }
  /**
   * A definite no: it was not sent, and will not be. `about`: this recipient can't be reached by anybody, or this message is not taken.
   */
  | { kind: "refused"; reason: string; about: "recipient" | "message" }
  /** It may have been sent. */
  | { kind: "unknown"; reason: string }
  /** It was certainly not sent, and may be sent later: the sender is down, busy, or set up wrongly. */
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number };

/** A way to send. None of its calls throws for anything that a network or a sender does. */
export interface Sender {
  /** A message of this sender's own medium. */
  send(message: Outgoing): Promise<SendOutcome>;
}

/** The secrets of a sender, wrapped as soon as they are read. */
export type Secrets<C extends object> = { readonly [K in keyof C]: Secret };

/** What can be said of a sender's protocol without the libraries that speak it. Settings and credentials are texts, by their names. */
export interface SenderDescription<S extends object = object, C extends object = object> {
  readonly medium: Medium;
  readonly settings: z.ZodType<S>;
  readonly credentials: z.ZodType<C>;
  /** Its texts are registered at the sender, which has a code of its own for each of our templates. */
  readonly hasTemplates?: true;
}

/** The sender's own codes of our templates, by the names of these. */
export type Templates = Readonly<Record<string, string>>;

/** Makes the adapter. Throws on settings or credentials that can't work: no call has been made then. */
export type MakeSender<S extends object, C extends object> = (
  settings: S,
  credentials: Secrets<C>,
  templates: Templates,
) => Sender;

/** For one call as a whole. The function that sends has a minute. */
export const SEND_TIMEOUT_MS = 10_000;
