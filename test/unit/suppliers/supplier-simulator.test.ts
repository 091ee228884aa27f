import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import {
  magicAccount,
  type SupplierSimulator,
  startSupplierSimulator,
} from "../../support/suppliers/supplier-simulator.ts";
import { adapterFor, needFor, serve } from "./support.ts";

let supplier: SupplierSimulator;

beforeEach(async () => {
  supplier = await startSupplierSimulator();
});
afterEach(() => supplier.stop());

const control = async (method: string, path: string, body?: unknown) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${supplier.url}/_simulator/${path}`, init);
  return { status: response.status, body: await response.json() };
};

describe("the supplier simulator", () => {
  it("writes accounts that read well as the numbers they are", () => {
    expect(magicAccount("callbackAfter", 200)).toBe("13820000200");
    expect(magicAccount("success")).toBe("13810000000");
    expect(() => magicAccount("success", 100_000)).toThrow(RangeError);
  });

  it("is told by HTTP what to do, and tells what it did", async () => {
    const endpoint = await serve((response) => response.writeHead(204).end());
    await control("POST", "callback-url", { url: endpoint.url });
    const need = needFor(magicAccount("callbackFirst"));
    await adapterFor(supplier).place(need);
    expect(await control("POST", "replay", { reference: need.reference })).toEqual({
      status: 200,
      body: { status: 204 },
    });
    await control("POST", "forge", { reference: need.reference, state: "refunded" });

    expect(endpoint.received).toHaveLength(3);
    expect((await control("GET", "orders")).body).toEqual({ data: supplier.orders() });
    expect(supplier.orders()).toMatchObject([{ reference: need.reference, state: "fulfilled", deliveries: 1 }]);
    expect(supplier.requests()).toEqual({ place: 1, query: 0 });
  });

  it("refuses with problems, as the API does", async () => {
    const response = await fetch(`${supplier.url}/v1/orders`, { method: "POST" });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await control("POST", "nothing", {})).toMatchObject({ status: 404 });
  });

  it("stops at once, whatever it still had to answer or to send", async () => {
    supplier.setCallbackUrl("http://127.0.0.1:1");
    const adapter = adapterFor(supplier);
    await adapter.place(needFor(magicAccount("callbackAfter", 99_999)));
    await adapter.place(needFor(magicAccount("callbackAfter", 0)));
    const unanswered = adapter.place(needFor(magicAccount("silentButDone", 99_999)));
    await expect.poll(() => supplier.requests().place).toBe(3);
    await supplier.stop();
    expect(await unanswered).toEqual({ kind: "unknown", reason: "connection_lost" });
  });

  it("runs alone and says where it is", async () => {
    const child = spawn(process.execPath, ["test/support/suppliers/supplier-simulator.ts"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill());
    const printed: unknown[] = await once(child.stdout, "data");
    const party = z
      .object({ url: z.url(), apiKey: z.string(), webhookSecret: z.string() })
      .parse(JSON.parse(String(printed[0])));
    expect(await adapterFor(party).place(needFor("user-4711"))).toMatchObject({ kind: "fulfilled" });
  });
});
