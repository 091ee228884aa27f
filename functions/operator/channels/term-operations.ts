import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { tellKeys } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { ChannelLimits, Frozen, KeyLimits, KeySigning } from "./shown.ts";

const PerDay = z.int().min(0).max(1_000_000_000).nullable().optional();

const NewLimits = z
  .strictObject({
    requests: z
      .int()
      .min(1)
      .max(LIMITS.highestRequests)
      .nullable()
      .optional()
      .meta({ description: "How many there may be within `windowSeconds`, all at once or spread." }),
    windowSeconds: z
      .int()
      .min(1)
      .max(LIMITS.longestPaceSeconds)
      .optional()
      .meta({ description: "60, unless you say." }),
    ordersPerDay: PerDay,
    codesPerDay: PerDay.meta({ description: "Pieces that may be ordered in a day." }),
    revealsPerDay: PerDay.meta({ description: "Codes that may be shown again in a day, by deliverables and files." }),
    amountPerDay: Money.nullable()
      .optional()
      .meta({ description: "What orders may cost in a day; one limit for each currency." }),
  })
  .refine((said) => Object.values(said).some((one) => one !== undefined), "says nothing")
  .refine(({ requests, windowSeconds }) => windowSeconds === undefined || typeof requests === "number", {
    path: ["windowSeconds"],
    message: "is said with requests only",
  });

const options = {
  requests: { about: "how many requests in the window" },
  windowSeconds: { as: "window", about: "of the requests: 60s, unless you say" },
  ordersPerDay: { as: "orders", about: "how many a day" },
  codesPerDay: { as: "codes", about: "pieces ordered in a day" },
  revealsPerDay: { as: "reveals", about: "codes shown again in a day" },
  amountPerDay: { as: "amount", about: "what orders may cost in a day, in one currency" },
} as const;

const DAY =
  "A day is one of the shop's clocks. It counts everywhere five seconds later. What is left out stays as it is; null takes a limit away.";

/** What operators say about the terms on which channels and keys use the API: how much, and signed by whom. */
export const termOperations = {
  setFrozen: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/frozen",
    summary: "Freeze a channel, or let it go on: while it is frozen, none of its API keys opens anything",
    description:
      "It counts everywhere five seconds later, also for keys that are made meanwhile. What was ordered before goes on: buyers can pay, are delivered and refunded, and webhooks are sent.",
    params: z.strictObject({ channelId: Id }),
    body: z.strictObject({ frozen: z.boolean() }),
    command: { is: "channels frozen", options: { frozen: { about: "whether its keys open nothing from now on" } } },
    answer: { status: 200, description: "Whether it is frozen", schema: Frozen },
    refusals: ["not_found"],
    needs: tellKeys,
    audit: { action: "frozen_set", subject: "{channelId}" },
  },
  setChannelLimits: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/limits",
    summary: "Say how much all keys of a channel together may use the API: requests, orders, codes, reveals, money",
    description: `${DAY} Of requests null says that nobody counts them: that costs a write less for each.`,
    params: z.strictObject({ channelId: Id }),
    body: NewLimits,
    command: { is: "channels limits", options },
    answer: { status: 200, description: "The limits", schema: ChannelLimits },
    refusals: ["not_found", "changed_meanwhile"],
    needs: tellKeys,
    audit: { action: "limits_set", subject: "{channelId}" },
  },
  setProductLimit: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/limits/products/{productId}",
    summary: "Say how many codes of one product a channel may order in a day; null: as many as come",
    description: DAY,
    params: z.strictObject({ channelId: Id, productId: Id }),
    body: z.strictObject({ codesPerDay: z.int().min(0).max(1_000_000_000).nullable() }),
    command: {
      is: "channels product-limit",
      argument: "channelId",
      options: { codesPerDay: { as: "codes", about: "how many a day" } },
    },
    answer: { status: 200, description: "The limits", schema: ChannelLimits },
    refusals: ["not_found", "changed_meanwhile", "limit_reached"],
    needs: { ...tellKeys, catalogTable: ["GetItem"] },
    audit: { action: "limits_set {productId}", subject: "{channelId}" },
  },
  setKeyLimits: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}/limits",
    summary: "Say how much one API key may use the API, beside the limits of its channel",
    description: `${DAY} A key with requests of its own has its own pace; one without shares its channel's with the others.`,
    params: z.strictObject({ channelId: Id, keyId: Id }),
    body: NewLimits,
    command: { is: "keys limits", argument: "keyId", options },
    answer: { status: 200, description: "The limits", schema: KeyLimits },
    refusals: ["not_found", "changed_meanwhile"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_limits_set", subject: "{channelId}" },
  },
  setKeySigning: {
    method: "POST",
    path: "/admin/v1/channels/{channelId}/keys/{keyId}/signing",
    summary:
      "Say by which public key the requests of an API key are signed, and whether it takes others; null: none is",
    description:
      "RFC 9421 with Ed25519; it counts within five seconds. The channel keeps the private key to itself, so nobody can steal it from us.",
    params: z.strictObject({ channelId: Id, keyId: Id }),
    body: z.strictObject({
      publicKey: z
        .string()
        .max(500)
        .nullable()
        .meta({ description: "Of Ed25519: in PEM, or its DER or its 32 bytes in Base64." }),
      accepts: z.enum(["signed", "any"]).default("signed").meta({
        description: "`signed`: nothing else. `any`: also requests without a signature; one that is there must hold.",
      }),
    }),
    command: {
      is: "keys signing",
      argument: "keyId",
      options: {
        publicKey: { about: "in Base64, or PEM" },
        accepts: { about: "what it takes; signed, unless you say" },
      },
    },
    answer: { status: 200, description: "How it signs", schema: KeySigning },
    refusals: ["not_found"],
    needs: { identityTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "key_signing_set", subject: "{channelId}" },
  },
} as const satisfies Operations;
