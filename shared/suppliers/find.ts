import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import type { Supplier } from "./settings.ts";
import { supplierKey, suppliers } from "./table.ts";

// Apart from what makes and calls suppliers: that brings every protocol along.

/** Reads a supplier. Undefined: there is none. */
export async function findSupplier(deps: Db<"operations">, id: string): Promise<Supplier | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key: supplierKey(id) }));
  return suppliers.find(found.Item);
}
