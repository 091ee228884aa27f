import { describe, expect, test } from "vitest";
import { BulkDecision } from "../../../shared/review/decision.ts";

const productId = `prod_${"0".repeat(20)}`;
const replace = { action: "replace", reason: "r", with: { from: "stock" } };

describe("one decision for many orders", () => {
  test("is a replacement only for the lines of a product that it names, and says with what", () => {
    expect(BulkDecision.safeParse({ ...replace, filter: { productId } }).success).toBe(true);
    const wrong = [
      { ...replace, filter: { supplierId: "sup_1" } },
      { action: "replace", reason: "r", filter: { productId } },
      { ...replace, filter: { productId }, lineId: "1" },
    ].map((decision) => BulkDecision.safeParse(decision).error?.issues[0]);
    expect(wrong).toMatchObject([
      { path: ["filter", "productId"] },
      { path: ["with"] },
      { code: "unrecognized_keys", keys: ["lineId"] },
    ]);
  });

  test.each(["retry", "refund", "note"])(
    "is to %s whatever a filter means, and gives up no supplier's answer",
    (action) => {
      expect(BulkDecision.safeParse({ action, reason: "r", filter: {} }).success).toBe(true);
      for (const more of [{ evenIfUnresolved: true }, { with: { from: "stock" } }])
        expect(BulkDecision.safeParse({ action, reason: "r", filter: {}, ...more }).success).toBe(false);
    },
  );
});
