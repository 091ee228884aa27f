import { createTransport } from "nodemailer";
import { type MakeSender, SEND_TIMEOUT_MS, type SendOutcome } from "../contract.ts";
import { partsOf } from "../mail.ts";
import type { SmtpCredentials, SmtpSettings } from "./settings.ts";

/**
 * Sends mail by SMTP (RFC 5321), with a DKIM signature (RFC 6376) if a key is set. SMTP has no idempotency: the Message-ID is made of
 * our name for the message, so that a mailbox can tell a second copy.
 */
export const smtp: MakeSender<SmtpSettings, SmtpCredentials> = (settings, credentials) => ({
  send: async (message) => {
    if (message.medium !== "email") return { kind: "refused", reason: "wrong_medium", about: "message" };
    // A connection for each message: Lambda may freeze between two, and a connection would be dead by then.
    const exchange = followed();
    const transport = createTransport({ ...connectionOf(settings, credentials), logger: exchange.logger });
    try {
      const { response } = await transport.sendMail(partsOf(settings.from, message));
      return { kind: "sent", senderMessageId: response.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, "") };
    } catch (error) {
      return outcomeOf(error as SmtpError, exchange.isUnderWay());
    } finally {
      transport.close();
    }
  },
});

function connectionOf({ host, port, tls, dkimDomain, dkimSelector }: SmtpSettings, credentials: SmtpCredentialsSecret) {
  const { user, password, dkimKey } = credentials;
  return {
    host,
    port: Number(port),
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(user === undefined || password === undefined ? {} : { auth: { user: user.reveal(), pass: password.reveal() } }),
    connectionTimeout: SEND_TIMEOUT_MS,
    greetingTimeout: SEND_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
    // A message of ours is texts alone: nothing in it makes the library open files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
    transactionLog: true,
    ...(dkimKey === undefined || dkimDomain === undefined || dkimSelector === undefined
      ? {}
      : { dkim: { domainName: dkimDomain, keySelector: dkimSelector, privateKey: dkimKey.reveal() } }),
  };
}
type SmtpCredentialsSecret = Parameters<typeof smtp>[1];

/** Follows the commands of an exchange: what is lost after DATA may have been delivered. Nothing of it is kept. */
function followed() {
  let last = "";
  const note = (entry: { tnx?: string }, text: unknown): void => {
    if (entry.tnx === "client" && /^(EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT|DATA|RSET|QUIT)\b/.test(String(text)))
      last = String(text).slice(0, 4);
  };
  const logger = { level: () => {}, trace: note, debug: note, info: note, warn: note, error: note, fatal: note };
  return { logger, isUnderWay: () => last === "DATA" };
}

type SmtpError = Error & { code?: string; command?: string; responseCode?: number; response?: string };

function outcomeOf(
  { code = "", command = "", responseCode, response = "" }: SmtpError,
  isUnderWay: boolean,
): SendOutcome {
  if (responseCode === undefined || responseCode < 400 || code === "ECONNECTION")
    return isUnderWay ? { kind: "unknown", reason: "connection_lost" } : { kind: "not_sent", reason: reasonOf(code) };
  const isFinal = responseCode >= 500;
  // Greylisting and full mailboxes: the server asks us to come again.
  if (!isFinal) return { kind: "not_sent", reason: "deferred", retryAfterSeconds: 60 };
  if (command === "RCPT TO") return refusedRecipient(response);
  if (code === "EMESSAGE") return { kind: "refused", reason: "message_refused", about: "message" };
  // It takes nothing from us: that is no fault of this message.
  return { kind: "not_sent", reason: reasonOf(code) };
}

/**
 * Tells a mailbox that isn't there from a server that doesn't like us, by RFC 3463: `5.1.…` is about the address, `5.7.…` about a policy.
 * Without such a code, 550, 551 and 553 are about the mailbox (RFC 5321, 4.2.3).
 */
function refusedRecipient(response: string): SendOutcome {
  const [, status, detail] = /^(\d{3})[ -](\d\.\d{1,3})?/.exec(response) ?? [];
  const isMailbox = detail === undefined ? ["550", "551", "553"].includes(status ?? "") : detail === "5.1";
  return isMailbox
    ? { kind: "refused", reason: "no_such_mailbox", about: "recipient" }
    : { kind: "refused", reason: "recipient_refused", about: "message" };
}

const REASONS: Readonly<Record<string, string>> = {
  EAUTH: "unauthorised",
  ETLS: "bad_certificate",
  EDNS: "name_not_found",
  ETIMEDOUT: "timed_out",
  EENVELOPE: "sender_refused",
};
const reasonOf = (code: string): string => REASONS[code] ?? "unreachable";
