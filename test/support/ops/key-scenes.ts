import type { Json } from "../orders/shop.ts";
import { post, stocked } from "./subjects.ts";
import { channelOf, type Scene } from "./webhook-scenes.ts";

/** Acts of operators on API keys, and on what channels pay, with what their records say. */
export const keyScenes = {
  setFrozen: async (): Promise<Scene> => {
    const subject = await channelOf();
    const says = { action: "frozen_set", what: {}, before: { frozen: false }, after: { frozen: true } };
    return { path: `/admin/v1/channels/${subject}/frozen`, json: { frozen: true }, subject, says };
  },
  setTiers: async (): Promise<Scene> => {
    const subject = await channelOf();
    await post(`/admin/v1/channels/${subject}/tiers`, { tiers: ["gold"] });
    const says = { action: "tiers_set", what: {}, before: { tiers: "gold" }, after: { tiers: "gold silver" } };
    return { path: `/admin/v1/channels/${subject}/tiers`, json: { tiers: ["gold", "silver"] }, subject, says };
  },
  setChannelLimits: async (): Promise<Scene> => {
    const subject = await channelOf();
    const path = `/admin/v1/channels/${subject}/limits`;
    await post(path, { requests: 600, ordersPerDay: 10 });
    const before = { requests: "600 in 60 s", ordersPerDay: 10 };
    const after = { ...before, ordersPerDay: 20, amountPerDay: "CNY 5000" };
    const json = { ordersPerDay: 20, amountPerDay: { amount: 5000, currency: "CNY" } };
    return { path, json, subject, says: { action: "limits_set", what: {}, before, after } };
  },
  setProductLimit: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { subject: product } = await stocked();
    const after = { productPerDay: `${product} 3` };
    return {
      path: `/admin/v1/channels/${subject}/limits/products/${product}`,
      json: { codesPerDay: 3 },
      subject,
      says: { action: `limits_set ${product}`, what: {}, before: {}, after },
    };
  },
  setKeyLimits: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { keyId } = await post(`/admin/v1/channels/${subject}/keys`, { scopes: ["orders:read"] });
    const after = { requests: "5 in 1 s", revealsPerDay: 9 };
    return {
      path: `/admin/v1/channels/${subject}/keys/${keyId}/limits`,
      json: { requests: 5, windowSeconds: 1, revealsPerDay: 9 },
      subject,
      says: { action: "key_limits_set", what: { keyId }, before: {}, after },
    };
  },
  setKeySigning: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { keyId } = await post(`/admin/v1/channels/${subject}/keys`, { scopes: ["orders:read"] });
    const publicKey = "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs";
    return {
      path: `/admin/v1/channels/${subject}/keys/${keyId}/signing`,
      json: { publicKey, accepts: "any" },
      subject,
      says: {
        action: "key_signing_set",
        what: { keyId },
        before: { publicKey: "", accepts: "unsigned" },
        after: { publicKey, accepts: "any" },
      },
    };
  },
  setTierPrice: async (): Promise<Scene> => {
    const { subject } = await stocked();
    const json = { productId: subject, price: { amount: 1400, currency: "CNY" }, from: "2030-01-01T00:00:00Z" };
    return {
      path: "/admin/v1/tiers/gold/prices",
      json,
      subject,
      says: {
        action: "price_set gold",
        what: { amount: 1400, currency: "CNY", from: "2030-01-01T00:00:00.000Z" },
        before: { windows: "[]" },
        after: { windows: '[{"from":"2030-01-01T00:00:00.000Z","amount":1400}]' },
      },
    };
  },
  createKey: async (): Promise<Scene> => {
    const subject = await channelOf();
    return {
      path: `/admin/v1/channels/${subject}/keys`,
      json: { scopes: ["orders:read", "catalog:read"] },
      subject,
      says: ({ keyId }: Json) => ({ action: "key_created", what: { keyId, scopes: "orders:read catalog:read" } }),
    };
  },
  rotateKey: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { keyId } = await post(`/admin/v1/channels/${subject}/keys`, { scopes: ["orders:read"] });
    return {
      path: `/admin/v1/channels/${subject}/keys/${keyId}/rotations`,
      json: { overlapSeconds: 60 },
      subject,
      says: ({ keyId: made }: Json) => ({
        action: "key_rotated",
        what: { keyId: made, replaces: keyId, scopes: "orders:read", overlapSeconds: 60 },
      }),
    };
  },
  setKeyAddresses: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { keyId } = await post(`/admin/v1/channels/${subject}/keys`, { scopes: ["orders:read"] });
    const after = { addresses: "192.0.2.0/24 2001:db8::/32" };
    return {
      path: `/admin/v1/channels/${subject}/keys/${keyId}/addresses`,
      json: { addresses: after.addresses.split(" ") },
      subject,
      says: { action: "key_addresses_set", what: { keyId }, before: { addresses: "" }, after },
    };
  },
  revokeKey: async (): Promise<Scene> => {
    const subject = await channelOf();
    const { keyId } = await post(`/admin/v1/channels/${subject}/keys`, { scopes: ["orders:read"] });
    const what = { keyId, scopes: "orders:read" };
    const says = { action: "key_revoked", what, before: { revoked: false }, after: { revoked: true } };
    return { path: `/admin/v1/channels/${subject}/keys/${keyId}`, subject, says };
  },
};
