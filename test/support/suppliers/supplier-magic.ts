/**
 * Accounts that make the supplier simulator behave: `138BBBnnnnn`, BBB being the behaviour and nnnnn a number, mostly
 * milliseconds. Every other account is served at once.
 */
const behaviours = {
  /** Done in the answer. */
  success: "100",
  /** Accepted; done, and said so by callback, after n ms. */
  callbackAfter: "200",
  /** Refused with 409 `sold_out`. */
  refused: "300",
  /** Refused with 409 `insufficient_funds`. */
  noFunds: "305",
  /** Accepted; refunded, and said so by callback, after n ms. */
  refusedByCallback: "310",
  /** Done, but the answer never comes, or only after n ms if n > 0. */
  silentButDone: "400",
  /** Not done, and the answer never comes; if n > 0, the connection breaks after n ms. */
  silentNotDone: "410",
  /** Done, but the answer is 500. */
  errorButDone: "420",
  /** Answers 503 to the first n calls with a reference, then is done at once. */
  unavailableFirst: "430",
  /** Answers 429 to the first n calls with a reference, then is done at once. */
  throttledFirst: "440",
  /** Like `callbackAfter`, but the same callback comes twice. */
  callbackTwice: "500",
  /** Done after n ms, says so by callback, and only when that was answered answers the call, with the old state. */
  callbackFirst: "510",
  /** Done after n ms; the callback that says so is signed with another key. */
  forgedCallback: "520",
  /** Accepted, and nothing ever happens. */
  neverDone: "530",
  /** Accepted; done after n ms without a callback. */
  doneWithoutCallback: "540",
  /** Of several pieces, n are delivered and the rest goes back. */
  partlyDone: "600",
  /** Done, but one piece is missing from the goods. */
  goodsShort: "610",
  /** Done, with the goods that every order of this behaviour gets. */
  goodsTwice: "620",
} as const;

export type Behaviour = keyof typeof behaviours;

const isBehaviour = (name: string): name is Behaviour => Object.hasOwn(behaviours, name);

/** For example `magicAccount("callbackAfter", 200)`: accepted, and delivered 200 ms later. */
export function magicAccount(behaviour: Behaviour, n = 0): string {
  if (!Number.isInteger(n) || n < 0 || n > 99_999) throw new RangeError("n must be an integer of at most five digits");
  return `138${behaviours[behaviour]}${String(n).padStart(5, "0")}`;
}

/** The supplier's name of a product that is handed over, one code for each piece, and makes it behave as an account would. */
export function magicProduct(behaviour: Behaviour, n = 0): string {
  return `prod_code_${magicAccount(behaviour, n)}`;
}

export function readMagic(account: string | undefined): { behaviour: Behaviour; n: number } {
  const [, digits = "", n = "0"] = /^(?:prod_code_)?138(\d{3})(\d{5})$/.exec(account ?? "") ?? [];
  const behaviour = Object.keys(behaviours)
    .filter(isBehaviour)
    .find((name) => behaviours[name] === digits);
  return { behaviour: behaviour ?? "success", n: Number(n) };
}
