import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent, AttributeValue as StreamValue } from "aws-lambda";
import type { Order } from "../../../shared/orders/model.ts";
import { asOrder, orderIdIn } from "../../../shared/orders/table.ts";

/** One change of an order, as the stream tells it. */
export type OrderChange = { sequence: string; at: string; before: Order | undefined; after: Order };

/** A record of the stream whose order does not parse. */
export type DamagedRecord = { sequence: string; orderId: string; error: unknown };

/**
 * Gives the changes of orders in a batch, in their order. Other items of the orders table are left out. Records that do
 * not parse are told apart, so that one of them does not keep the others from being worked on.
 */
export function orderChanges(event: DynamoDBStreamEvent): { changes: OrderChange[]; damaged: DamagedRecord[] } {
  const changes: OrderChange[] = [];
  const damaged: DamagedRecord[] = [];
  for (const { dynamodb = {} } of event.Records) {
    if (!isChangeOfAnOrder(dynamodb)) continue;
    const { NewImage = {}, OldImage, SequenceNumber: sequence = "", ApproximateCreationDateTime = 0 } = dynamodb;
    try {
      // Seconds, as Lambda hands them on; the same in each try, so that an event that is told again is the same event.
      const at = new Date(ApproximateCreationDateTime * 1000).toISOString();
      const before = OldImage === undefined ? undefined : orderOf(OldImage);
      changes.push({ sequence, at, before, after: orderOf(NewImage) });
    } catch (error) {
      damaged.push({ sequence, orderId: orderIdIn({ pk: NewImage["pk"]?.S }), error });
    }
  }
  return { changes, damaged };
}

/** A look of the watch takes a note beside the order, and changes nothing of it. */
function isChangeOfAnOrder({ NewImage, OldImage }: NonNullable<DynamoDBRecord["dynamodb"]>): boolean {
  if (NewImage?.["sk"]?.S !== "order") return false;
  const version = OldImage?.["version"]?.N;
  return version === undefined || version !== NewImage["version"]?.N;
}

type StreamImage = { [name: string]: StreamValue };

const orderOf = (image: StreamImage): Order => asOrder(unmarshall(fieldsOf(image)));

const fieldsOf = (image: StreamImage): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, valueOf(value)]));

/** Gives a value as the table has it. Lambda hands records on as JSON, where bytes are base64 text. */
function valueOf(value: StreamValue): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, "base64") };
  if (value.M !== undefined) return { M: fieldsOf(value.M) };
  if (value.L !== undefined) return { L: value.L.map(valueOf) };
  return value as AttributeValue;
}
