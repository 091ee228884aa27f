/** Large files of known codes, as they should be and as they should not. */
import { expect } from "vitest";
import { CODE_MARK, eventually, type Json, operate, type Shop, stockProduct } from "../support/orders/shop.ts";

/** The first line of a file is a code where its header is missing: it is lost to stock, and must not be found elsewhere. */
export async function uploadFiles(shop: Shop, known: () => string): Promise<void> {
  const { productId } = await stockProduct(shop.stack, 0);
  const files: [state: string, columns: object, lines: string[]][] = [
    ["finished", { secret: "secret" }, ["secret", known(), `"${known()}`]],
    ["finished", { secret: 0 }, [known(), known()]],
    ["failed", { secret: "secret" }, [known(), known()]],
  ];
  for (const [state, columns, lines] of files)
    expect(JSON.stringify(await upload(shop, productId, columns, lines, state))).not.toContain(CODE_MARK);
}

/** Every answer about the import of such a file, until it has this state and afterwards. */
async function upload({ stack }: Shop, productId: string, columns: object, lines: string[], state: string) {
  const at = `/admin/v1/products/${productId}/imports`;
  const made = await operate(stack, { method: "POST", path: at, json: { layout: { columns } } });
  const put = await fetch(made.uploadUrl, { method: "PUT", body: lines.join("\n") });
  expect(put.ok).toBe(true);
  const path = `/admin/v1/imports/${made.importId}`;
  const start = (): Promise<Json> => operate(stack, { method: "POST", path: `${path}/start` });
  const started = await start();
  const over = await eventually(async () => {
    const shown = await operate(stack, { method: "GET", path });
    return shown.state === state ? shown : undefined;
  }, `an import that is ${state}`);
  return [made, started, over, await start(), await operate(stack, { method: "GET", path: `${path}/refusals` })];
}
