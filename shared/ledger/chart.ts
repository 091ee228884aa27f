/** What is before the colon of an account's name. Nothing is booked on any other. */
const KINDS = {
  /** A channel's prepaid money: our debt to it. */
  channel: "liability",
  /** What we owe a supplier for goods that it delivered. */
  supplier: "liability",
  /** What we owe somebody who sells for us. */
  agent: "liability",
  /** Taxes that we owe. */
  tax: "liability",
  /** Money that was put aside for a promotion. */
  promo: "liability",
  /** What a supplier owes us for codes that did not work; `stock`: nobody has said whose they were. */
  receivable: "asset",
  /** Money that a payment provider has for us. */
  provider: "asset",
  /** Money that a payment provider has taken because of a dispute, while nobody has decided whose it is. */
  disputed: "asset",
  /** What a payment provider keeps of what buyers pay. */
  fees: "expense",
  /** What was booked before anybody knew where it belongs. */
  suspense: "liability",
} as const satisfies Record<string, AccountType>;

/** Our own accounts, as in `platform:sales`. */
const PLATFORM = {
  cash: "asset",
  stock: "asset",
  sales: "income",
  cost: "expense",
  losses: "expense",
} as const satisfies Record<string, AccountType>;

export type AccountType = "asset" | "liability" | "income" | "expense";

/** The name of an account of the books: `<kind>:<id>`. */
export type BookAccount = `${keyof typeof KINDS}:${string}` | `platform:${keyof typeof PLATFORM}`;

const has = <T extends object>(table: T, name: string): name is keyof T & string => Object.hasOwn(table, name);

/** Gives the type of an account by its name. Undefined: the chart has no such account. */
export function typeOf(account: string): AccountType | undefined {
  const colon = account.indexOf(":");
  const [kind, id] = [account.slice(0, colon), account.slice(colon + 1)];
  if (kind === "platform") return has(PLATFORM, id) ? PLATFORM[id] : undefined;
  return has(KINDS, kind) && /^[\w-]{1,64}$/.test(id) ? KINDS[kind] : undefined;
}

/** Tells an account of the chart from any other text. */
export const isBookAccount = (account: string): account is BookAccount => typeOf(account) !== undefined;

/** What earlier versions called two of our own accounts. */
const OLDER: Readonly<Record<string, BookAccount>> = { cash: "platform:cash", sales: "platform:sales" };

/** Gives today's name of an account that an entry of an earlier version names. */
export const nameToday = (account: string): string => OLDER[account] ?? account;
