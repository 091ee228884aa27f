import { describe, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import { makeCodes, stockProduct } from "../../support/orders/shop.ts";

const stack = deployedStack();
const { json, raw, file, stackFile } = terminal(stack);

const COST = ["--cost", "1.50", "--cost-currency", "CNY"];

/** A supplier of ours. Nobody calls it. */
async function supplier(): Promise<string> {
  const keys = { apiKey: "key", webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const credentials = file("creditor.json", JSON.stringify(keys));
  const url = ["--protocol", "vouchsafe", "--url", "http://127.0.0.1:9"];
  const { value } = await json("suppliers", "create", "--name", "Creditor", ...url, "--credentials", credentials);
  return value.id as string;
}

/** The lines of the books that name an account: day, entry, account, amount, currency. */
async function bookedOn(account: string): Promise<string[]> {
  const { stdout } = await raw("ledger", "export", "--format", "csv", "--stack", stackFile);
  return stdout.split("\n").filter((line) => line.includes(account));
}

const csv = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");

describe.concurrent("what imported codes have cost", () => {
  test.each([
    ["import", 3],
    ["upload", 4],
  ])("is owed to the supplier that stock %s names, once", async (verb, many) => {
    const { productId } = await stockProduct(stack, 0);
    const supplierId = await supplier();
    const path = file(`${verb}.csv`, csv(makeCodes(many)));
    const words = ["stock", verb, "--product", productId, "--file", path, ...COST, "--supplier", supplierId];
    const key = verb === "upload" ? ["--key", newId("evt"), "--quiet"] : [];
    const once = await json(...words, ...key);
    const again = await json(...words, ...key);
    expect([once.code, again.code]).toEqual([0, 0]);
    const booked = await bookedOn(`supplier:${supplierId}`);
    expect(booked).toHaveLength(1);
    expect(booked[0]).toContain(String(-150 * many));
  });

  test("is owed to nobody who is unknown, and to nobody if it is not named: nothing is imported", async () => {
    const { productId } = await stockProduct(stack, 0);
    const path = file("refused.csv", csv(makeCodes(2)));
    const nobody = newId("sup");
    for (const verb of ["import", "upload"]) {
      const words = ["stock", verb, "--product", productId, "--file", path];
      const unknown = await json(...words, ...COST, "--supplier", nobody);
      expect(unknown).toMatchObject({ code: 1, value: { errors: [{ option: "--supplier" }] } });
      const free = await json(...words, "--supplier", await supplier());
      expect(free.code).not.toBe(0);
      expect(free.value.errors).toMatchObject([{ message: "is required with supplierId" }]);
    }
    expect((await json("stock", "count", "--product", productId)).value).toMatchObject({ imported: 0 });
  });
});
