import { Duration } from "aws-cdk-lib";
import type { ITable, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { FilterCriteria, type Function as LambdaFunction, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { explainWildcard } from "../explained.ts";
import type { DeadLetters } from "./dead-letters.ts";

/** The table holds other things too; only the orders themselves are news. */
const ordersOnly = FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: ["order"] } } } });

/**
 * Feeds a function with every change of an order, in order, within about a second. A batch that fails is halved and
 * repeated for as long as the stream keeps its records, which is a day, so a bad deployment or an hour of throttling
 * loses nothing. The function sets a record that fails alone aside after ten minutes, so it does not hold up the others
 * longer.
 */
export function followOrders(consumer: LambdaFunction, orders: TableV2, deadLetters: DeadLetters): void {
  consumer.addEventSource(
    // The library's own table does not fit its own interface where optional means absent.
    new DynamoEventSource(orders as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [ordersOnly],
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      onFailure: new SqsDlq(deadLetters),
    }),
  );
  if (consumer.role !== undefined) {
    explainWildcard(consumer.role, "*", "dynamodb:ListStreams, which Lambda wants, knows no resources.");
  }
}
