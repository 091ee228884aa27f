import type { TableName } from "../../../shared/aws/dynamo.ts";
import type { Domain } from "../engine/domain.ts";

type Command = { input: Record<string, unknown>; constructor: { name: string } };
type Calls = Pick<Domain, "db" | "tables">;

/** Says which call of a path is meant. */
export type Moment = (command: Command, tables: Domain["tables"]) => boolean;

const writesTo = (table: TableName, expression: RegExp): Moment => {
  return ({ input }, tables) =>
    input["TableName"] === tables[table] && expression.test((input["UpdateExpression"] as string | undefined) ?? "");
};

const transacts = (table: TableName, expression = /./): Moment => {
  return ({ input }, tables) => {
    const items = JSON.stringify(input["TransactItems"] ?? []);
    return items.includes(`"${tables[table]}"`) && expression.test(items);
  };
};

const puts = (table: TableName, item: RegExp): Moment => {
  return ({ input }, tables) => input["TableName"] === tables[table] && item.test(JSON.stringify(input["Item"] ?? {}));
};

/** The moments at which it matters what somebody else does. */
/** A draft is written as an order: put anew, over a refused one, or with counters and cuts beside it. */
const putsAnOrder: Moment = ({ input, constructor }, tables) => {
  const text = JSON.stringify(input);
  return /Put|Update|Transact/.test(constructor.name) && text.includes(`"${tables.orders}"`) && /#?epoch"/.test(text);
};

/** Alone, or with the counters that go down with it. */
const sellsAnOrder: Moment = (command, tables) =>
  writesTo("orders", /#fundedBy = /)(command, tables) || transacts("orders", /#fundedBy = /)(command, tables);

export const before = {
  anOrderIsPut: putsAnOrder,
  theDebit: writesTo("ledger", /spendable - /),
  theSale: writesTo("inventory", /soldAt = if_not_exists/),
  aRunIsCut: transacts("inventory", /tail = tail - :quantity/),
  aRunIsBegun: writesTo("inventory", /head = :to/),
  aRunRejoins: transacts("inventory", /tail = tail \+ :quantity/),
  anyMoveOfTheOrder: writesTo("orders", /^SET /),
  theFinish: writesTo("orders", /#fundedBy = /),
  aCodeIsHeld: writesTo("inventory", /orderId = :order, #until = :until/),
  aCodeGoesBack: transacts("inventory", /movedTo/),
  aPlaceIsReplayed: writesTo("inventory", /orderId = :owner/),
  aCodeIsWithheld: writesTo("inventory", /orderId = :withheld/),
  aRestoredRangeIsMarked: writesTo("inventory", /restored = :restored/),
  moneyGoesBack: transacts("ledger"),
  thePaidSale: sellsAnOrder,
  aPaymentIsBooked: puts("ledger", /"name":"payment:/),
  aPaymentIsBookedAndNoted: transacts("ledger", /"payment:/),
  anyPaymentIsPut: puts("orders", /"sk":"payment"/),
  aPaidPaymentIsNoted: puts("orders", /"counted":true/),
  aRangeIsListed: transacts("inventory", / ranges = :ranges/),
  codesGoIn: transacts("inventory", /fingerprint#/),
  aSegmentIsNoted: transacts("operations", /"SET #segments/),
  returnsArePublished: writesTo("inventory", /^SET tail/),
};

/** Not the first of such calls, but the one that comes after so many. */
function after(earlier: number, moment: Moment): Moment {
  let seen = 0;
  return (command, tables) => moment(command, tables) && seen++ === earlier;
}

export const second = (moment: Moment): Moment => after(1, moment);
export const third = (moment: Moment): Moment => after(2, moment);

/** The same use cases; but at the last moment before the first such call, something else happens. */
export function meanwhile<D extends Calls>(deps: D, moment: Moment, happens: () => Promise<unknown>): D {
  let isDue = true;
  const send = async (command: Command, ...rest: unknown[]): Promise<unknown> => {
    if (isDue && moment(command, deps.tables)) {
      isDue = false;
      await happens();
    }
    return (deps.db.send as (...args: unknown[]) => Promise<unknown>).call(deps.db, command, ...rest);
  };
  return { ...deps, db: Object.assign(Object.create(deps.db) as D["db"], { send }) };
}

class Asleep extends Error {
  override readonly name = "Asleep";
}

/** Runs a path that falls asleep for ever at the last moment before such a call. */
export async function fallAsleep<D extends Calls>(deps: D, moment: Moment, path: (deps: D) => Promise<unknown>) {
  const sleepy = meanwhile(deps, moment, () => Promise.reject(new Asleep()));
  try {
    await path(sleepy);
  } catch (error) {
    if (error instanceof Asleep) return;
    throw error;
  }
  throw new Error("the path never came to that moment");
}
