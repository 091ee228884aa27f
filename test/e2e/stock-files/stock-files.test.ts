import { describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import { type Json, makeCodes, operate, stockProduct, tryToOperate } from "../../support/orders/shop.ts";

const stack = deployedStack();
const { json, file } = terminal(stack);

/** A product of codes that its operator has said more of. */
async function codeProduct(more: object): Promise<string> {
  const product = { kind: "code", name: "Test code", price: { amount: 1500, currency: "CNY" }, ...more };
  return (await operate(stack, { method: "POST", path: "/admin/v1/products", json: product })).id as string;
}

const inRequest = (productId: string, csv: string, query: Record<string, string> = {}) =>
  tryToOperate(stack, { method: "POST", path: `/admin/v1/products/${productId}/stock-imports`, query, csv });

describe.concurrent("a file of codes", () => {
  test("with a column that nobody named is refused by command line, API and upload, and taken where it is ignored", async () => {
    const { productId } = await stockProduct(stack, 0);
    const [first = "", second = "", third = ""] = makeCodes(3);
    const text = (code: string): string => `卡密,有效期\n${code},2099/1/31\n`;
    const words = (verb: string, code: string, ...more: string[]): string[] => {
      const path = file(`unnamed-${code}.csv`, text(code));
      return ["stock", verb, "--product", productId, "--file", path, "--secret", "卡密", ...more];
    };
    const errors = [{ pointer: "/header/1", message: "is not a column that was named: name it, or ignore it" }];
    expect(await json(...words("import", first))).toMatchObject({ code: 1, value: { errors } });
    const layout = { columns: { secret: "卡密" } };
    const byApi = (more: object, code: string) =>
      inRequest(productId, text(code), { layout: JSON.stringify({ ...layout, ...more }) });
    expect(await byApi({}, first)).toMatchObject({ status: 400, body: { errors } });
    expect(await byApi({ ignored: ["有效期"] }, first)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/query/layout/ignored" }] },
    });
    expect(await json(...words("upload", first, "--quiet"))).toMatchObject({
      code: 1,
      value: { state: "failed", reason: "column_not_named", reasonAt: [1] },
    });
    expect(await json(...words("upload", first, "--quiet", "--seal"))).toMatchObject({
      code: 1,
      value: { code: "file_unreadable", reason: "column_not_named", at: [1] },
    });
    const taken = { imported: 1 };
    expect(await json(...words("import", first, "--ignore", "有效期"))).toMatchObject({ code: 0, value: taken });
    expect(await byApi({ ignore: ["有效期"] }, second)).toMatchObject({ status: 200, body: taken });
    const dated = words("upload", third, "--quiet", "--expires", "有效期", "--dates", "ymd", "--day-ends", "+08:00");
    expect(await json(...dated)).toMatchObject({ code: 0, value: taken });
  });

  test("of a product that shares its codes has those of another one, and in no other way", async () => {
    const [alone, other] = [await codeProduct({}), await codeProduct({})];
    const sharing = await codeProduct({ sharesCodes: true });
    const codes = makeCodes(3);
    const text = ["secret", ...codes, ""].join("\n");
    const all = { imported: 3, refused: [] };
    expect(await inRequest(alone, text)).toMatchObject({ status: 200, body: all });
    expect(await inRequest(sharing, text)).toMatchObject({ status: 200, body: all });
    const refused = codes.map((_code, index) => ({ line: index + 2, reason: "in_other_product", productId: alone }));
    expect(await inRequest(other, text)).toMatchObject({ status: 200, body: { imported: 0, refused } });
    const path = file("shared.csv", text);
    const upload = async (productId: string): Promise<Json> =>
      (await json("stock", "upload", "--product", productId, "--file", path, "--quiet")).value;
    expect(await upload(sharing)).toMatchObject({ state: "finished", imported: 0, refused: 3 });
    expect(await upload(other)).toMatchObject({ state: "finished", imported: 0, refused: 3 });
    expect(await upload(await codeProduct({ sharesCodes: true }))).toMatchObject({ state: "finished", imported: 3 });
  });
});
