import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { OperatorAnswer, OperatorCall } from "../../../infra/ops/client.ts";
import { receiverCommands, webhookCommands } from "../../../infra/ops/webhook-commands.ts";

const folder = await mkdtemp(join(tmpdir(), "vouchsafe-ops-"));
afterAll(() => rm(folder, { recursive: true }));

test("a replay goes on step after step, and says from where to go on if one fails", async () => {
  const calls: OperatorCall[] = [];
  const answers: OperatorAnswer[] = [
    { ok: true, status: 202, body: { sent: 100, nextCursor: "here" } },
    { ok: true, status: 202, body: { sent: 2, nextCursor: null } },
    { ok: true, status: 202, body: { sent: 100, nextCursor: "here" } },
    { ok: false, status: 500, body: { code: "internal" } },
  ];
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
  const run = () =>
    webhookCommands["webhooks replay"]?.run?.(
      { argument: "wh_1", options: { channel: "chan_1", ...range } },
      async (call) => {
        calls.push(call);
        return answers.shift() as OperatorAnswer;
      },
      undefined as never,
    );
  expect(await run()).toMatchObject({ ok: true, body: { sent: 102, nextCursor: null } });
  const path = "/admin/v1/channels/chan_1/webhook-endpoints/wh_1/replays";
  expect(calls.map((call) => [call.path, call.query, call.json])).toEqual([
    [path, {}, range],
    [path, { cursor: "here" }, range],
  ]);
  expect(await run()).toMatchObject({ ok: false, body: { sent: 100, cursor: "here" } });
});

const allow = (argument: string, stack: object) =>
  receiverCommands["webhooks allow"]?.onLocalStack?.({ argument, options: {} }, stack as never);

test("a receiver is allowed by its exact host and port, beside those that are", async () => {
  const receiversFile = join(folder, "receivers");
  await allow("127.0.0.1:3000", { receiversFile });
  await allow("[::1]:3000", { receiversFile });
  expect(readFileSync(receiversFile, "utf8")).toBe("127.0.0.1:3000\n[::1]:3000\n");
});

test.each([
  "127.0.0.1",
  "http://127.0.0.1:3000",
  "*:3000",
  "127.0.0.1:3000\n127.0.0.1:1",
  "example.com:80",
  "10.0.0.1:80",
])("%j is no receiver on this machine", async (argument) => {
  await expect(allow(argument, { receiversFile: join(folder, "none") })).rejects.toThrow(
    "of this machine and its port",
  );
});

test("no other stack than a local one allows any", async () => {
  await expect(allow("127.0.0.1:3000", {})).rejects.toThrow("and on no other");
});
