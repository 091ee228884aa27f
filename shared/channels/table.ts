import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { sha256 } from "../kernel/ids.ts";
import { UsageLimits } from "../usage/model.ts";

export const Scope = z.enum([
  "catalog:read",
  "orders:write",
  "orders:read",
  "codes:reveal",
  "links:write",
  "account:read",
  "deposits:write",
  "webhooks:read",
  "webhooks:write",
]);
export type Scope = z.infer<typeof Scope>;

/** All channels lie together: there are tens of them. */
export const CHANNELS = "channels";
export const channelKey = (id: string): Key => ({ pk: CHANNELS, sk: id });

/**
 * The key under which an API key is found: a plain hash of all of it. The API key has 256 random bits, so nobody can
 * guess it from the hash.
 */
export const keyKey = (apiKey: string): Key => hashKey(`${KEYS}${sha256(apiKey)}`);
export const hashKey = (hash: string): Key => ({ pk: hash, sk: "key" });
export const KEYS = "key#";

/** The key under which operators find an API key, by its name. */
export const namedKey = (channelId: string, keyId: string): Key => ({ pk: `${NAMED_KEYS}${channelId}`, sk: keyId });
export const NAMED_KEYS = "channel#";

const channel = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string().exactOptional(),
  /** Where buyers may be sent back to after they have paid: hosts, with their ports if they are not the usual ones. */
  returnHosts: z.array(z.string()).exactOptional(),
  /** How many unpaid orders it may have at a time. Absent: `LIMITS.unpaidPerChannel` · null: as many as come, and nobody counts them. */
  unpaidLimit: z.int().nullable().exactOptional(),
  /** Whose prices it pays, and whose products it sees. */
  tiers: z.array(z.string()).exactOptional(),
  /** How much all of its keys together may use the API. */
  limits: UsageLimits.exactOptional(),
  /** None of its keys opens anything while this is true. */
  frozen: z.boolean().exactOptional(),
  /** What buyers read on their pages when they need help, in the languages that it is there in. */
  help: z.object({ zh: z.string().exactOptional(), en: z.string().exactOptional() }).exactOptional(),
});
export type Channel = z.infer<typeof channel>;
export const channels = stored("channel", channel);

const key = z.object({
  channelId: z.string(),
  keyId: z.string(),
  scopes: z.array(Scope),
  /** The addresses that it may be used from, in CIDR notation. Absent: from anywhere. */
  addresses: z.array(z.string()).exactOptional(),
  createdAt: z.string().exactOptional(),
  revokedAt: z.string().exactOptional(),
  /** When it stops working by itself, because another one has taken its place. */
  endsAt: z.string().exactOptional(),
  /** The tiers of its channel, so that a request knows them without another read. */
  tiers: z.array(z.string()).exactOptional(),
  /** The limits of its channel, for the same reason. */
  channelLimits: UsageLimits.exactOptional(),
  /** Whether its channel is frozen, for the same reason. */
  frozen: z.boolean().exactOptional(),
  /** How much it may use the API itself. */
  limits: UsageLimits.exactOptional(),
  /** The public key of Ed25519 that its requests are signed by, in Base64url; and whether it takes others. */
  signing: z.object({ publicKey: z.string(), accepts: z.enum(["signed", "any"]) }).exactOptional(),
});
export type ApiKey = z.infer<typeof key>;
export const apiKeys = stored("API key", key);

/** A key as operators know it: never the key itself. `hash` is where the key is found. */
const named = key.extend({ hash: z.string() });
export type NamedKey = z.infer<typeof named>;
export const namedKeys = stored("name of an API key", named);

/** How the keys begin under which stands when and from where an API key was last used. */
export const KEY_USE = "key-use#";
export const useKey = (keyId: string): Key => ({ pk: `${KEY_USE}${keyId}`, sk: "use" });

const use = z.object({ usedAt: z.string(), usedFrom: z.string() });
export type KeyUse = z.infer<typeof use>;
export const uses = stored("use of an API key", use);

/** How the keys begin of nonces of signed requests. */
export const NONCES = "nonce#";
export const nonceKey = (keyId: string, nonce: string): Key => ({ pk: `${NONCES}${keyId}`, sk: nonce });
/** That there is one says it all. */
export const nonces = stored("nonce of a signed request", z.object({}));
