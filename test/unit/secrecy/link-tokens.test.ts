import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { isLinkToken, linkHashOf, linkTokensWith } from "../../../shared/secrecy/link-tokens.ts";

const token = linkTokensWith(Buffer.alloc(32, 7));

test("a token is 128 bits of an HMAC over the order and its link's number, in 22 letters and digits", () => {
  const mac = createHmac("sha256", Buffer.alloc(32, 7)).update("ord_1\n1").digest("hex").slice(0, 32);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const value = token("ord_1", 1)
    .split("")
    .reduce((sum, digit) => sum * 62n + BigInt(digits.indexOf(digit)), 0n);
  expect(value.toString(16).padStart(32, "0")).toBe(mac);
});

test("the same order and number have the same token, in any process; another one has another", () => {
  const others = [
    token("ord_1", 2),
    token("ord_2", 1),
    token("ord_11", 1),
    linkTokensWith(Buffer.alloc(32, 8))("ord_1", 1),
  ];
  expect(linkTokensWith(Buffer.alloc(32, 7))("ord_1", 1)).toBe(token("ord_1", 1));
  expect(new Set([token("ord_1", 1), ...others]).size).toBe(5);
});

test("every token has the form by which others are refused without a read", () => {
  for (let order = 0; order < 1_000; order++) expect(isLinkToken(token(`ord_${order}`, 1))).toBe(true);
  for (const other of [
    "",
    "a".repeat(21),
    "a".repeat(23),
    `${"a".repeat(21)}-`,
    `${"a".repeat(22)}\n`,
    "ａ".repeat(22),
  ])
    expect(isLinkToken(other)).toBe(false);
});

test("what is stored of a token is a hash of it", () => {
  expect(linkHashOf("A".repeat(22))).toMatch(/^[\w-]{22}$/);
  expect(linkHashOf("A".repeat(22))).not.toBe(linkHashOf(`${"A".repeat(21)}B`));
});
