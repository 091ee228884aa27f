import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { listedAs, pageOfList } from "../aws/listed.ts";
import { LIMITS } from "../kernel/limits.ts";
import { descriptionOf, type SenderProtocolName, senderProtocolNames } from "./protocols.ts";
import { type StoredSender, senderKey, senders } from "./table.ts";

export type SenderDeps = Db<"operations"> & { ssm: SSMClient; senderSecretsPrefix: string };

/** The name by which channels speak of a sender. */
export const SenderName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and hyphens");

const Texts = z.record(z.string().min(1).max(40), z.string().min(1).max(4_000));

/** What an operator says of a sender. Its credentials go to the parameter store and nowhere else. */
export const NewSender = z
  .strictObject({
    name: SenderName,
    protocol: z.enum(senderProtocolNames),
    settings: Texts,
    credentials: Texts.default({}),
    templates: Texts.exactOptional(),
    countries: z
      .array(z.string().regex(/^[1-9]\d{0,3}$/, "must be a calling code, as 86"))
      .min(1)
      .max(50)
      .exactOptional()
      .meta({
        description: "Of text messages: the calling codes of the countries that they may go to; mainland China.",
      }),
    perDay: z.int().min(1).max(10_000_000).exactOptional().meta({
      description: "The most messages on a day (UTC); what is more waits. Of text messages 1,000, if nothing is said.",
    }),
  })
  .superRefine(({ protocol, settings, credentials, templates }, context) => {
    const description = descriptionOf(protocol);
    const wrong = (place: string, issues: readonly z.core.$ZodIssue[] = []): void => {
      for (const { path, message } of issues) context.addIssue({ code: "custom", path: [place, ...path], message });
    };
    wrong("settings", description.settings.safeParse(settings).error?.issues);
    wrong("credentials", description.credentials.safeParse(credentials).error?.issues);
    if (templates !== undefined && description.hasTemplates !== true)
      context.addIssue({ code: "custom", path: ["templates"], message: "this protocol sends our own texts" });
    if (Buffer.byteLength(JSON.stringify(credentials)) > LIMITS.senderSecretsBytes)
      context.addIssue({ code: "custom", path: ["credentials"], message: "must have 4 KB at most as JSON" });
  });
export type NewSender = z.infer<typeof NewSender>;

/** What a sender may do, if its operator has not said: text messages cost money, and some countries much of it. */
export const limitsOf = ({
  protocol,
  countries,
  perDay,
}: ShownSender): { countries?: readonly string[]; perDay?: number } =>
  descriptionOf(protocol).medium === "sms"
    ? { countries: countries ?? ["86"], perDay: perDay ?? LIMITS.textMessagesPerDay }
    : perDay === undefined
      ? {}
      : { perDay };

export type ShownSender = Omit<StoredSender, "protocol"> & { protocol: SenderProtocolName };

/**
 * Sets a sender: the first time, or instead of what it was. The credentials come first, so that no settings stand without them; running
 * it again ends the same.
 */
export async function setSender(deps: SenderDeps, { credentials, ...sender }: NewSender): Promise<ShownSender> {
  await deps.ssm.send(
    new PutParameterCommand({
      Name: `${deps.senderSecretsPrefix}${sender.name}`,
      Value: JSON.stringify(credentials),
      Type: "SecureString",
      Overwrite: true,
    }),
  );
  const Item = senders.write(senderKey(sender.name), sender, listedAs("senders", sender.name));
  await deps.db.send(new PutCommand({ TableName: deps.tables.operations, Item }));
  return sender;
}

/** Reads a page of the senders, by name. */
export async function listSenders(
  deps: Db<"operations">,
  limit: number,
  after?: string,
): Promise<{ senders: ShownSender[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, "senders", { limit, after, newestFirst: false });
  return { senders: items.map((item) => shown(senders.read(item))), next };
}

/** Reads a sender's settings. Undefined: there is none of this name. */
export async function findSender(deps: Db<"operations">, name: string): Promise<ShownSender | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: senderKey(name) }));
  const sender = senders.find(found.Item);
  return sender === undefined ? undefined : shown(sender);
}

/** Reads the credentials of a sender. */
export async function senderCredentials(deps: SenderDeps, name: string): Promise<unknown> {
  const Name = `${deps.senderSecretsPrefix}${name}`;
  const found = await deps.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  return JSON.parse(found.Parameter?.Value ?? "null");
}

const shown = (sender: StoredSender): ShownSender => ({ ...sender, protocol: sender.protocol as SenderProtocolName });
