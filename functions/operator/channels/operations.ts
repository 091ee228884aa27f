import * as z from "zod";
import { Tier } from "../../../shared/catalog/new-product.ts";
import { Scope } from "../../../shared/channels/table.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { isPaymentId } from "../../../shared/payments/model.ts";
import { Account } from "../../account.ts";
import { listOf, Page } from "../../fields.ts";
import { moveDeposits, tellKeys } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import {
  Channel,
  ChannelWithMoney,
  DepositReversal,
  Key,
  KeyAddresses,
  Lanes,
  NewChannel,
  NewKey,
  ReturnHosts,
  RotatedKey,
  Tiers,
  UnpaidLimit,
} from "./shown.ts";
import { termOperations } from "./term-operations.ts";

/** A host name or an address, as it stands in a URL, with its port. */
const HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(:\d{1,5})?$/;

const Reference = z.string().regex(/^[\w.:/-]{1,100}$/, "may have letters, digits and . : / - _");

const Addresses = z
  .array(z.string().max(50))
  .max(LIMITS.addressesPerKey)
  .meta({ description: "Addresses, and ranges in CIDR notation, of IPv4 and IPv6." });

const operatorChannels = {
  createChannel: {
    method: "POST",
    path: "/admin/v1/channels",
    summary: "Create a channel; its API key is told this once",
    idempotent: "remembered",
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    command: { is: "channels create", options: { name: { about: "what we call it" } } },
    answer: {
      status: 201,
      description: "The channel and its key",
      schema: NewChannel,
      location: "/admin/v1/channels/{id}",
    },
    needs: { identityTable: ["GetItem", "PutItem", "ConditionCheckItem"], eventBus: ["PutEvents"] },
    audit: { action: "channel_created", subject: "{id}" },
  },
  listChannels: {
    method: "GET",
    path: "/admin/v1/channels",
    pages: /^chan_[0-9a-z]{20,26}$/,
    summary: "All channels, by id",
    query: Page,
    command: { is: "channels list" },
    answer: { status: 200, description: "A page of channels", schema: listOf(Channel) },
    needs: { identityTable: ["Query"] },
  },
  getChannel: {
    method: "GET",
    path: "/admin/v1/channels/{channelId}",
    summary: "One channel, with its money",
    params: z.strictObject({ channelId: Id }),
    command: { is: "channels show", argument: "channelId" },
    answer: { status: 200, description: "The channel", schema: ChannelWithMoney },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem"], ledgerTable: ["GetItem", "Query"] },
  },
  listKeys: {
    method: "GET",
    path: "/admin/v1/channels/{channelId}/keys",
    pages: /^key_[0-9a-z]{20,26}$/,
    summary: "A channel's API keys by name, also those that are revoked; never the keys themselves",
    params: z.strictObject({ channelId: Id }),
    query: Page,
    command: { is: "keys list" },
    answer: { status: 200, description: "A page of keys", schema: listOf(Key) },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "Query"], keyUse: ["BatchGetItem"] },
  },
  createKey: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys",
    summary: "Make another API key; it is told this once",
    idempotent: "remembered",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      scopes: z.array(Scope).min(1).max(Scope.options.length),
      addresses: Addresses.optional(),
    }),
    command: {
      is: "keys create",
      options: {
        scopes: { about: "what it may do" },
        addresses: { about: "where it may be used; anywhere, unless you say" },
      },
    },
    answer: { status: 201, description: "The key", schema: NewKey },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "PutItem", "ConditionCheckItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_created", subject: "{channelId}" },
  },
  rotateKey: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}/rotations",
    summary: "Make a key that takes the place of another one; both work for a while, and it is told this once",
    description:
      "It has the same scopes and addresses. The other one stops working by itself when the overlap is over, and at once if you say 0.",
    idempotent: "remembered",
    params: z.strictObject({ channelId: Id, keyId: Id }),
    body: z.strictObject({
      overlapSeconds: z.int().min(0).max(LIMITS.longestKeyOverlapSeconds).default(LIMITS.keyOverlapSeconds),
    }),
    command: {
      is: "keys rotate",
      argument: "keyId",
      options: { overlapSeconds: { as: "overlap", about: "how long both keys work: 7d, 12h, 0s" } },
    },
    answer: { status: 201, description: "The new key", schema: RotatedKey },
    refusals: ["not_found", "changed_meanwhile"],
    needs: { identityTable: ["GetItem", "PutItem", "ConditionCheckItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_rotated", subject: "{channelId}" },
  },
  setKeyAddresses: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}/addresses",
    summary: "Say from which addresses an API key may be used, instead of those said before",
    description: "It counts within five seconds. None: from anywhere.",
    params: z.strictObject({ channelId: Id, keyId: Id }),
    body: z.strictObject({ addresses: Addresses }),
    command: {
      is: "keys addresses",
      argument: "keyId",
      options: { addresses: { about: "such as 192.0.2.0/24,2001:db8::/32; '' for anywhere" } },
    },
    answer: { status: 200, description: "The addresses", schema: KeyAddresses },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_addresses_set", subject: "{channelId}" },
  },
  revokeKey: {
    method: "DELETE",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}",
    summary: "Revoke an API key; five seconds later it opens nothing",
    params: z.strictObject({ channelId: Id, keyId: Id }),
    command: { is: "keys revoke", effect: "It revokes the key {key}: who uses it is refused from now on." },
    answer: { status: 200, description: "The key's id", schema: z.object({ keyId: z.string() }) },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_revoked", subject: "{channelId}" },
  },
  setTiers: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/tiers",
    summary: "Say in which tiers a channel is: whose prices it pays, and whose products it sees",
    description:
      "Of the tiers that have a price for a product, the first one counts. Five seconds later it counts everywhere. The channel's own id may be one: then it has prices of its own.",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      tiers: z
        .array(Tier)
        .max(LIMITS.tiersOfChannel)
        .refine((tiers) => new Set(tiers).size === tiers.length, "names one of them twice"),
    }),
    command: {
      is: "channels tiers",
      options: { tiers: { about: "such as gold,summer, the first one first; '' for none" } },
    },
    answer: { status: 200, description: "The tiers", schema: Tiers },
    refusals: ["not_found"],
    needs: tellKeys,
    audit: { action: "tiers_set", subject: "{channelId}" },
  },
  setReturnHosts: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/return-hosts",
    summary:
      "Say to which hosts a channel's buyers may be sent back after they have paid, instead of those said before",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      hosts: z
        .array(z.string().max(260).regex(HOST, "must be a host in lower case, with a port if it is not the usual one"))
        .max(LIMITS.returnHosts),
    }),
    command: {
      is: "channels return-hosts",
      options: { hosts: { about: "such as shop.example.com; '' for none: then buyers are sent back nowhere" } },
    },
    answer: { status: 200, description: "The hosts", schema: ReturnHosts },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "return_hosts_set", subject: "{channelId}" },
  },
  setUnpaidLimit: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/unpaid-limit",
    summary:
      "Say how many unpaid orders a channel may have at a time, instead of 1,000; null: as many as come, and nobody counts them",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({ limit: z.int().min(0).max(LIMITS.highestUnpaidLimit).nullable() }),
    command: {
      is: "channels unpaid-limit",
      options: { limit: { about: "how many unpaid orders it may have at a time" } },
    },
    answer: { status: 200, description: "The limit", schema: UnpaidLimit },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "unpaid_limit_set", subject: "{channelId}" },
  },
  deposit: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/deposits",
    summary: "Pay money in, once for each reference",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      money: Money.refine((money) => money.amount > 0, "a deposit is more than nothing"),
      reference: Reference.refine(
        (reference) => !isPaymentId(reference),
        "begins like a payment's id, and such a deposit is made by its payment",
      ),
    }),
    command: {
      is: "channels deposit",
      options: { money: { as: "amount" }, reference: { about: "of the payment; each counts once" } },
      effect: "It pays {amount} in to {channel}, as {reference}.",
    },
    answer: { status: 200, description: "The account", schema: Account },
    refusals: ["not_found", "idempotency_key_reused"],
    needs: { ...moveDeposits, eventBus: ["PutEvents"] },
    audit: { action: "deposit {reference}", subject: "{channelId}" },
  },
  reverseDeposit: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/deposit-reversals",
    summary: "Take a wrong deposit out of its account again; 202 when a second person must say the same",
    description:
      "It takes two people, whatever the amount. The balance may become negative by it. What the channel paid at a provider goes back there.",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({
      reference: Reference.meta({
        description: "The deposit's reference; of one that was paid at a provider, its payment's id.",
      }),
      reason: z.string().trim().min(1).max(500).meta({ description: "Why; it goes on record." }),
    }),
    command: {
      is: "channels reverse-deposit",
      effect: "It takes the deposit {reference} out of the account of {channel}, if somebody else says the same.",
    },
    answer: {
      status: 200,
      description: "It is reversed",
      schema: DepositReversal,
      or: { status: 202, description: "A second person must say the same" },
    },
    refusals: ["not_found", "second_person_required", "person_unknown", "changed_meanwhile"],
    needs: {
      identityTable: ["GetItem"],
      ledgerTable: ["GetItem", "PutItem", "UpdateItem"],
      ordersTable: ["UpdateItem"],
      settings: ["GetItem"],
      auditTable: ["PutItem"],
      eventBus: ["PutEvents"],
    },
    audit: { action: "deposit_reversal_{step} {reference}", subject: "{channelId}" },
  },
  setLanes: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/lanes",
    summary: "Cut a busy channel's account into lanes, some fifty sales a second each; they never become fewer",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({ currency: Money.shape.currency, lanes: z.int().min(1).max(LIMITS.accountLanes) }),
    command: {
      is: "channels lanes",
      options: { lanes: { about: "some fifty sales a second each; they never become fewer" } },
    },
    answer: { status: 200, description: "How many lanes the account has", schema: Lanes },
    refusals: ["not_found", "invalid_request"],
    needs: moveDeposits,
    audit: { action: "lanes_set", subject: "{channelId}" },
  },
  ...termOperations,
} as const satisfies Operations;

/** What operators call about channels, their API keys and their money, by the functions that answer. */
export const functions = { operatorChannels } as const;
