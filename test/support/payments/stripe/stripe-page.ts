import { type Shown } from "../pay-pages.ts";
import { givenBack, type Session } from "./stripe-books.ts";

const ENDS = new Set(["won", "lost", "warning_closed", "prevented"]);

/** A session as its buyer sees it. */
export function shownToBuyer(session: Session, now: number): Shown {
  const { reference, item, amount, currency, status, payment, expiresAt, disputes, returnUrls } = session;
  const isOpen = status === "open" && expiresAt > now;
  const isPaid = payment === "paid" || payment === "delayed";
  return {
    reference,
    about: item,
    amount,
    currency: currency.toUpperCase(),
    state: isPaid ? "paid" : isOpen ? "open" : "over",
    givenBack: givenBack(session),
    disputed: disputes.slice(-1).map(({ status: said }) => ({ state: said, isOpen: !ENDS.has(said) }))[0],
    returnUrl: returnUrls.success_url,
  };
}
