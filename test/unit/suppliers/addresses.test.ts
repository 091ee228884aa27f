import { describe, expect, it } from "vitest";
import { adapterOf } from "../../../shared/suppliers/registry.ts";
import { isSandbox } from "../../../shared/suppliers/sandboxes.ts";
import { NewSupplier } from "../../../shared/suppliers/settings.ts";

const credentials = { apiKey: "key", webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
const named = (more: object) =>
  NewSupplier.safeParse({
    name: "S",
    protocol: "vouchsafe",
    baseUrl: "https://supplier.example",
    credentials,
    ...more,
  });
function isUsed(baseUrl: string): boolean {
  try {
    adapterOf("vouchsafe", { baseUrl, timeoutMs: 100 }, credentials);
    return true;
  } catch {
    return false;
  }
}

describe("a supplier's address", () => {
  it.each([
    ["http://supplier.example", false],
    ["http://127.0.0.1.supplier.example", false],
    ["http://localhost.supplier.example/v1", false],
    ["http://10.0.0.1", false],
    ["https://supplier.example/v1", true],
    ["http://127.0.0.1:4000", true],
    ["http://localhost:4000/v1", true],
    ["http://[::1]:4000", true],
  ])("%s, encrypted or on this machine: %s", (address, isTaken) => {
    expect(named({ baseUrl: address }).success).toBe(isTaken);
    expect(named({ callbackUrl: address }).success).toBe(isTaken);
    // Also one that was stored before anybody looked.
    expect(isUsed(address)).toBe(isTaken);
  });

  it.each([
    ["https://playground.runa.io/v2", true],
    ["https://preprod-dvs-api.dtone.com/v1", true],
    ["https://api.sandbox.example", true],
    ["https://api.runa.io/v2", false],
    ["https://contest.example", false],
  ])("%s is a test environment: %s", (address, isOne) => {
    expect(isSandbox(address)).toBe(isOne);
  });
});
