import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { describe, expect, it, test } from "vitest";
import { isNotNow, transact } from "../../../shared/aws/dynamo.ts";

const cancelled = (...codes: string[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: "cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const WRITE = { ConditionCheck: { TableName: "t", Key: { pk: "p" }, ConditionExpression: "attribute_exists(pk)" } };

/** A client whose answers are these, one after the other, and then success. */
function answering(...errors: Error[]) {
  const made = { calls: 0 };
  const send = async (): Promise<object> => {
    made.calls += 1;
    const error = errors.shift();
    if (error !== undefined) throw error;
    return {};
  };
  return { made, db: { send } as unknown as Parameters<typeof transact>[0] };
}

describe("a transaction that is cancelled", () => {
  it.each(["ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"])(
    "for %s inside is tried again, and then done",
    async (reason) => {
      const { db, made } = answering(cancelled("None", reason), cancelled(reason, "TransactionConflict"));
      expect(await transact(db, [WRITE, WRITE])).toEqual({ ok: true });
      expect(made.calls).toBe(3);
    },
  );

  it("for a condition is refused at once, even if another of its writes was throttled", async () => {
    const { db, made } = answering(cancelled("ConditionalCheckFailed", "ThrottlingError"));
    expect(await transact(db, [WRITE, WRITE])).toEqual({ ok: false, failed: [0] });
    expect(made.calls).toBe(1);
  });

  it("for a mistake of ours is not tried again, and does not pass for a busy moment", async () => {
    const mistake = cancelled("ValidationError", "TransactionConflict");
    const { db, made } = answering(mistake);
    await expect(transact(db, [WRITE, WRITE])).rejects.toBe(mistake);
    expect([made.calls, isNotNow(mistake)]).toEqual([1, false]);
  });

  it("for throttling each time is given up after six tries, as something that may be repeated", async () => {
    const throttled = cancelled("None", "ThrottlingError");
    const { db, made } = answering(...Array.from({ length: 9 }, () => throttled));
    await expect(transact(db, [WRITE, WRITE])).rejects.toBe(throttled);
    expect([made.calls, isNotNow(throttled)]).toEqual([6, true]);
  });
});

test("101 writes are refused before anything is sent", async () => {
  const { db, made } = answering();
  await expect(
    transact(
      db,
      Array.from({ length: 101 }, () => WRITE),
    ),
  ).rejects.toThrow("101 writes are too many for a transaction");
  expect(made.calls).toBe(0);
});
