import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Order } from "../../../shared/orders/model.ts";
import { asOrder } from "../../../shared/orders/table.ts";

/** One change of an order, as the stream tells it. */
export type OrderChange = { sequence: string; at: string; before: Order | undefined; after: Order };

type Image = Parameters<typeof unmarshall>[0];

/** Gives the changes of orders in a batch, in their order. Other items of the orders table are left out. */
export function orderChanges(event: DynamoDBStreamEvent): OrderChange[] {
  return event.Records.flatMap((record: DynamoDBRecord) => {
    const { NewImage, OldImage, SequenceNumber = "", ApproximateCreationDateTime = 0 } = record.dynamodb ?? {};
    if (NewImage?.["sk"]?.S !== "order") return [];
    // A look of the watch takes a note beside the order, and changes nothing of it.
    if (OldImage?.["version"]?.N !== undefined && OldImage["version"].N === NewImage["version"]?.N) return [];
    const before = OldImage === undefined ? undefined : asOrder(unmarshall(OldImage as Image));
    // Seconds, as Lambda hands them on; the same in each try, so that an event that is told again is the same event.
    const at = new Date(ApproximateCreationDateTime * 1000).toISOString();
    return [{ sequence: SequenceNumber, at, before, after: asOrder(unmarshall(NewImage as Image)) }];
  });
}
