import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";

describe("a secret", () => {
  const secret = new Secret("GIFT-1234-5678");

  it("gives its value only to who asks for it by name", () => {
    expect(secret.reveal()).toBe("GIFT-1234-5678");
  });

  it.each([
    ["a text", () => [secret].join()],
    ["a concatenation", () => `x`.concat(String(secret))],
    ["JSON", () => JSON.stringify({ nested: [secret] })],
    ["inspect", () => inspect({ nested: secret }, { depth: 9, showHidden: true })],
    ["a format string", () => format("%s %o %j", secret, secret, secret)],
    ["an error's cause", () => inspect(new Error("failed", { cause: secret }))],
    ["a structured clone", () => inspect(structuredClone({ secret }))],
    ["its own keys", () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
  ])("does not leak into %s", (_where, show) => {
    expect(show()).not.toContain("1234");
  });

  it("says that something was left out", () => {
    expect([secret, JSON.stringify(secret), inspect(secret)].join(" ")).toBe('[secret] "[secret]" [secret]');
  });
});
