import { expect, test } from "vitest";
import type { OperatorAnswer, OperatorCall } from "../../../infra/ops/client.ts";
import { exitOf } from "../../../infra/ops/exit.ts";
import { migrateCommands } from "../../../infra/ops/migrate-commands.ts";

/** Runs the command against answers that come one after the other. */
async function migrate(options: Record<string, string>, ...answers: OperatorAnswer[]) {
  const command = migrateCommands["migrate tables"];
  const calls: OperatorCall[] = [];
  const send = async (call: OperatorCall): Promise<OperatorAnswer> => {
    calls.push(call);
    const answer = answers.shift();
    if (answer === undefined) throw new Error("one call too many");
    return answer;
  };
  const answer = await command?.run?.({ options, argument: "" }, send, undefined as never);
  if (command === undefined || answer === undefined) throw new Error("there is no such command");
  return {
    calls: calls.map(({ query, json }) => ({ query, ...(json as object) })),
    exit: exitOf(command, answer),
    answer,
  };
}

const page = (counts: object, nextCursor: string | null = null, more: object = {}): OperatorAnswer => ({
  ok: true,
  status: 200,
  body: {
    kinds: [{ table: "catalog", kind: "product", ...counts }],
    differs: [],
    differences: [],
    ...more,
    nextCursor,
  },
});

test("it copies page after page, then compares from the beginning, and sums up by kind", async () => {
  const pages = [page({ copied: 2 }, "n"), page({ copied: 1, same: 1 }), page({ same: 3 }, "n"), page({ same: 1 })];
  const { calls, exit, answer } = await migrate({}, ...pages);
  expect(calls).toEqual([
    { query: {}, mode: "copy" },
    { query: { cursor: "n" }, mode: "copy" },
    { query: {}, mode: "verify" },
    { query: { cursor: "n" }, mode: "verify" },
  ]);
  expect(answer.body).toEqual({
    copied: [{ table: "catalog", kind: "product", copied: 3, same: 1 }],
    kinds: [{ table: "catalog", kind: "product", same: 4 }],
    differs: [],
    differences: [],
  });
  expect(exit).toBe(0);
});

test("an item that needs a person is named, with exit code 1; the pages behind it are copied all the same", async () => {
  const stranger = { differences: [{ key: "mystery#1 what", problem: "unknown_kind" }] };
  const pages = [
    page({ copied: 1 }, "n", stranger),
    page({ copied: 1 }),
    page({ same: 1 }, "n", stranger),
    page({ same: 1 }),
  ];
  const { exit, answer } = await migrate({}, ...pages);
  expect(answer.body).toMatchObject({ ...stranger, kinds: [{ same: 2 }] });
  expect(exit).toBe(1);
});

test("with --verify it copies nothing", async () => {
  expect(await migrate({ verify: "true" }, page({ same: 1 }))).toMatchObject({ calls: [{ mode: "verify" }], exit: 0 });
});

test("a call that fails in between ends it as done in part, with what was copied", async () => {
  const failed: OperatorAnswer = { ok: false, status: 503, body: { code: "busy" } };
  const { exit, answer } = await migrate({}, page({ copied: 7 }, "n"), failed);
  expect(answer.body).toMatchObject({ code: "busy", kinds: [{ copied: 7 }] });
  expect(exit).toBe(3);
});
