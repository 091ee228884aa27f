import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { poster, type Resolve } from "../../../shared/webhooks/call.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on loopback, and how often it was called. */
async function serve(answer: RequestListener) {
  const got: { calls: number; bodies: string[] } = { calls: 0, bodies: [] };
  const server = createServer((request, response) => {
    got.calls += 1;
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      got.bodies.push(body);
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { got, port, host: `127.0.0.1:${port}` };
}

const ok: RequestListener = (_request, response) => response.end("taken");
const loopback = [{ address: "127.0.0.1", family: 4 }];
/** A public address by its number, which nobody on the internet announces. */
const elsewhere = [{ address: "30.0.0.1", family: 4 }];

describe("a receiver that must not be called", () => {
  it.each([
    ["on loopback", "https://127.0.0.1"],
    ["the metadata service", "https://169.254.169.254/latest/meta-data/"],
    ["an IPv4 address inside an IPv6 one", "https://[::ffff:10.0.0.1]/"],
    ["on loopback, as one number", "https://2130706433/"],
  ])("is not, %s", async (_what, url) => {
    const never: Resolve = () => Promise.reject(new Error("nobody looks it up"));
    expect(await poster(() => [], never)(url, {}, "{}")).toMatchObject({ failure: "address_refused" });
  });

  it.each([
    ["leads to a private address", loopback],
    ["leads to a private address beside a public one", [...elsewhere, ...loopback]],
    ["leads to an IPv4 address inside an IPv6 one", [{ address: "::ffff:10.0.0.1", family: 6 }]],
    ["leads nowhere", []],
  ])("is not, when its name %s", async (_what, addresses) => {
    const called = await poster(
      () => [],
      async () => addresses,
    )("https://shop.example:8443/", {}, "{}");
    expect(called).toMatchObject({ failure: "address_refused" });
  });

  it("is not, when its name leads to a public address first and to a private one second: it is looked up once for each call", async () => {
    const { got } = await serve(ok);
    let asked = 0;
    const changing: Resolve = async () => (asked++ === 0 ? elsewhere : loopback);
    const post = poster(() => [], changing);
    const first = await Promise.race([
      post("https://shop.example:8443/", {}, "{}"),
      new Promise((resolve) => setTimeout(() => resolve("it still connects to the public address"), 300)),
    ]);
    expect(first).not.toMatchObject({ failure: "address_refused" });
    expect(first).not.toHaveProperty("status");
    expect(asked).toBe(1);
    expect(await post("https://shop.example:8443/", {}, "{}")).toMatchObject({ failure: "address_refused" });
    expect([asked, got.calls]).toEqual([2, 0]);
  });
});

describe("a receiver that a local stack allows", () => {
  it("gets the body and answers", async () => {
    const { got, host } = await serve(ok);
    expect(await poster(() => [host])(`http://${host}/hooks`, {}, '{"a":"✔"}')).toMatchObject({
      status: 200,
      answer: "taken",
    });
    expect(got.bodies).toEqual(['{"a":"✔"}']);
  });

  it("may be a name that leads to this machine", async () => {
    const { got, port } = await serve(ok);
    const post = poster(
      () => [`shop.local:${port}`],
      async () => loopback,
    );
    expect(await post(`http://shop.local:${port}/`, {}, "{}")).toMatchObject({ status: 200 });
    expect(got.calls).toBe(1);
  });

  it("is not followed elsewhere: a redirect is an answer like another", async () => {
    const { got: other, host: target } = await serve(ok);
    const { host } = await serve((_request, response) =>
      response.writeHead(302, { location: `http://${target}/` }).end(),
    );
    expect(await poster(() => [host, target])(`http://${host}/`, {}, "{}")).toMatchObject({ status: 302 });
    expect(other.calls).toBe(0);
  });

  it("may say as much as it likes: it is read to a limit, and little of it is kept", async () => {
    let isOpen = true;
    const { host } = await serve((request, response) => {
      request.socket.on("close", () => {
        isOpen = false;
      });
      response.write("a\u0007b\n".repeat(LIMITS.webhookAnswerBytes));
    });
    const called = await poster(() => [host])(`http://${host}/`, {}, "{}");
    expect(called).toMatchObject({ status: 200, answer: expect.stringMatching(/^(ab\n)+a?b?$/) });
    expect((called as { answer: string }).answer).toHaveLength(LIMITS.webhookAnswerShown);
    await expect.poll(() => isOpen).toBe(false);
  });

  it("that nobody is at is unreachable, and one that hangs up is lost", async () => {
    const { host } = await serve((request) => request.socket.destroy());
    expect(await poster(() => [host])(`http://${host}/`, {}, "{}")).toMatchObject({ failure: "connection_lost" });
    const free = "127.0.0.1:9";
    expect(await poster(() => [free])(`http://${free}/`, {}, "{}")).toMatchObject({ failure: "unreachable" });
  });
});
