import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import { isSupplierProtocol, supplierProtocols } from "../../../shared/suppliers/registry.ts";
import { adapterFor, publishedSecret } from "./support.ts";

describe("the protocols we speak", () => {
  it("are found by name, and nothing else is", () => {
    expect(isSupplierProtocol("vouchsafe")).toBe(true);
    expect(isSupplierProtocol("Vouchsafe")).toBe(false);
    expect(isSupplierProtocol("toString")).toBe(false);
  });

  it.each([
    ["a base URL that isn't one", { url: "supplier.example" }],
    ["a base URL of another scheme", { url: "file:///etc" }],
    ["a base URL with credentials", { url: "https://me:pass@supplier.example" }],
    ["an API key that would break the header", { url: "https://supplier.example", apiKey: "key\r\nx: y" }],
    ["a webhook secret that is too short", { url: "https://supplier.example", webhookSecret: "whsec_c2hvcnQ=" }],
    ["an empty webhook secret", { url: "https://supplier.example", webhookSecret: "" }],
  ])("refuse %s before any call, without repeating the secret", (_what, party) => {
    expect(() => adapterFor(party)).toThrow(/^((?!short|c2hv|x: y|me:pass).)*$/s);
  });

  it("say whether repeats are safe, how long a call may be unseen, and how a callback is acknowledged", () => {
    const adapter = supplierProtocols.vouchsafe.adapter(
      { baseUrl: "https://supplier.example/base/", timeoutMs: 1, inFlightSeconds: 2 },
      { apiKey: new Secret("k"), webhookSecret: new Secret(publishedSecret) },
    );
    expect(adapter).toMatchObject({ repeatSafe: true, inFlightSeconds: 2 });
    expect(adapterFor({ url: "https://supplier.example" }).inFlightSeconds).toBe(60);
    expect(adapter.acknowledge()).toEqual({ status: 200, body: "{}", contentType: "application/json" });
  });
});
