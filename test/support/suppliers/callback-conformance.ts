import { describe, expect, test } from "vitest";
import type { CallbackEvent } from "../../../shared/suppliers/contract.ts";
import { adapterOf, type SupplierProtocol } from "../../../shared/suppliers/registry.ts";

/** A published or recorded callback, and what has to come of it. */
export type GoldenCallback = {
  body: string;
  headers: Record<string, string>;
  credentials: Record<string, string>;
  at: Date;
  event: CallbackEvent;
};

const verifyWith =
  (protocol: SupplierProtocol, golden: GoldenCallback) =>
  (change: Partial<GoldenCallback> = {}) => {
    const { body, headers, at, credentials } = { ...golden, ...change };
    return adapterOf(protocol, { baseUrl: "https://supplier.example", timeoutMs: 100 }, credentials).verify(
      body,
      headers,
      at,
    );
  };

function isUnderstood(protocol: SupplierProtocol, golden: GoldenCallback): void {
  const verify = verifyWith(protocol, golden);

  test("as it was published, or recorded, verifies and says what it is about", () => {
    expect(verify()).toEqual({ ok: true, event: golden.event });
    expect(verify()).toEqual(verify());
  });

  test("is acknowledged as it wants to be", () => {
    const { credentials } = golden;
    const adapter = adapterOf(protocol, { baseUrl: "https://supplier.example", timeoutMs: 100 }, credentials);
    const { status, contentType } = adapter.acknowledge();
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(300);
    expect(contentType).toMatch(/^[a-z]+\/[a-z]+$/);
  });
}

/** Callbacks whose signature covers body, id and time. */
export function verifiesCallbacks(protocol: SupplierProtocol, golden: GoldenCallback): void {
  const verify = verifyWith(protocol, golden);
  const later = (seconds: number) => new Date(golden.at.getTime() + seconds * 1000);

  describe("a signed callback", () => {
    isUnderstood(protocol, golden);

    test("without a signature is malformed", () => {
      expect(verify({ headers: {} })).toEqual({ ok: false, reason: "malformed" });
    });

    test("by somebody else, or changed on its way, is forged", () => {
      expect(verify({ body: `${golden.body} ` })).toEqual({ ok: false, reason: "forged" });
      const others = { ...golden.credentials, webhookSecret: `whsec_${Buffer.alloc(24, 7).toString("base64")}` };
      expect(verify({ credentials: others })).toEqual({ ok: false, reason: "forged" });
    });

    test("that comes again much later, or from a clock that is far off, is stale", () => {
      for (const seconds of [-299, 299]) expect(verify({ at: later(seconds) }).ok).toBe(true);
      for (const seconds of [-301, 301, 86_400])
        expect(verify({ at: later(seconds) })).toEqual({ ok: false, reason: "stale" });
    });
  });
}

/** Callbacks that anybody could have sent: all that is well formed is taken, for a hint. */
export function distrustsCallbacks(protocol: SupplierProtocol, golden: GoldenCallback): void {
  const verify = verifyWith(protocol, golden);

  describe("an unsigned callback", () => {
    isUnderstood(protocol, golden);

    test.each(["", "null", "[]", "{}", "<xml/>", '{"id":{}}'])("of no sense is malformed: %s", (body) => {
      expect(verify({ body })).toEqual({ ok: false, reason: "malformed" });
    });

    test("with another body is another event, and asking does not wait for any", () => {
      const other = verify({ body: golden.body.replace(/^\{/, '{"x":1,') });
      expect(other.ok && other.event.eventId).not.toBe(golden.event.eventId);
      const { credentials } = golden;
      const adapter = adapterOf(protocol, { baseUrl: "https://supplier.example", timeoutMs: 100 }, credentials);
      expect(adapter.firstAskSeconds).toBeLessThanOrEqual(10);
    });
  });
}
