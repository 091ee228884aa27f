import type { Db } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { readDirectory, setDirectory } from "./directory.ts";
import { setLanes } from "./lanes.ts";
import { type Directory, TOTAL } from "./model.ts";
import { findPool } from "./pools.ts";

export type PoolChange = {
  frozen?: boolean | undefined;
  lanes?: number | undefined;
  lowBelow?: number | undefined;
  whenEmpty?: "stop" | "borrow" | undefined;
};

/** Gives the settings of a pool that an operator decides. */
export const settingsOf = ({ frozen = false, lanes = 1, lowBelow, whenEmpty }: Directory): PoolChange => ({
  frozen,
  lanes,
  lowBelow,
  whenEmpty,
});

/** Changes the settings of a pool. Processes that sell notice within two seconds. */
export async function changePool(
  deps: Db<"inventory">,
  productId: string,
  name: string,
  { lanes, ...change }: PoolChange,
): Promise<Result<Directory>> {
  const found = await findPool(deps, productId, name);
  if (!found.ok) return found;
  const { pool } = found.value;
  if (pool === TOTAL && change.whenEmpty !== undefined)
    return refuse("invalid_request", "When everybody's stock is empty there is nothing to borrow from.", [
      { pointer: "/whenEmpty", message: "is for other pools than the total" },
    ]);
  const said = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(said).length > 0) await setDirectory(deps, productId, pool, said);
  if (lanes !== undefined) {
    const cut = await setLanes(deps, productId, pool, lanes);
    if (!cut.ok) return cut;
  }
  return ok(await readDirectory(deps, productId, pool));
}
