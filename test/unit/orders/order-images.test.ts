import { marshall } from "@aws-sdk/util-dynamodb";
import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { orderChanges } from "../../../functions/workers/orders/order-images.ts";
import { orderKey } from "../../../shared/orders/table.ts";

/** An image as it comes to a function: JSON, in which bytes are base64 text. */
function asJson(item: object): { [name: string]: AttributeValue } {
  const bytesAsText = (_name: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && "B" in value && value.B instanceof Uint8Array
      ? { B: Buffer.from(value.B).toString("base64") }
      : value;
  const plain = marshall(item, { removeUndefinedValues: true });
  return JSON.parse(JSON.stringify(plain, bytesAsText)) as { [name: string]: AttributeValue };
}

const bytes = new Uint8Array([1, 2, 253]);
const order = (id: string, more: object = {}): object => ({
  ...orderKey(id),
  id,
  channelId: "chan_1",
  version: 1,
  epoch: 1,
  run: 1,
  state: "open",
  requestHash: "hash",
  placedAt: "2026-11-29T00:00:00.000Z",
  total: { amount: 1500, currency: "CNY" },
  lines: [
    {
      id: "1",
      productId: "prod_1",
      productVersion: 1,
      kind: "topup",
      name: "Top-up",
      quantity: 1,
      unitPrice: 1500,
      net: 1500,
      state: "open",
      recipient: { sealed: bytes, dataKey: bytes },
    },
  ],
  refunded: 0,
  ...more,
});
const record = (item: object, before?: object): DynamoDBRecord => ({
  dynamodb: {
    SequenceNumber: "7",
    ApproximateCreationDateTime: 1_764_374_400,
    NewImage: asJson(item),
    ...(before === undefined ? {} : { OldImage: asJson(before) }),
  },
});

test("bytes of an order come out of the stream as bytes: its recipients and its contact", () => {
  const contact = { dataKey: bytes, fields: { email: bytes } };
  const { changes, damaged } = orderChanges({ Records: [record(order("ord_a", { contact }))] });
  expect(damaged).toEqual([]);
  const [{ after } = { after: undefined }] = changes;
  expect(new Uint8Array(after?.lines[0]?.recipient?.sealed ?? [])).toEqual(bytes);
  expect(new Uint8Array(after?.contact?.fields.email ?? [])).toEqual(bytes);
});

test("an order that does not parse is told apart, and those beside it are worked on", () => {
  const broken = order("ord_b", { total: "1500" });
  const { changes, damaged } = orderChanges({
    Records: [record(order("ord_a")), record(broken), record(order("ord_c"))],
  });
  expect(changes.map(({ after }) => after.id)).toEqual(["ord_a", "ord_c"]);
  expect(damaged).toMatchObject([{ sequence: "7", orderId: "ord_b", error: { name: "DamagedItem" } }]);
});

test("a note that the watch takes beside an order, and other items, are no change of an order", () => {
  const other = { pk: "order#ord_a", sk: "wait#1" };
  const { changes } = orderChanges({ Records: [record(order("ord_a"), order("ord_a")), record(other)] });
  expect(changes).toEqual([]);
});
