/**
 * What a buyer sees of a simulated payment provider: a page for each payment, with buttons, and a page with all of them, where a code is
 * typed in that a phone would scan. No provider's wire looks like this; a browser and a person do.
 */
import { moneyText } from "../../../infra/ops/money.ts";
import type { Call, Reply } from "../suppliers/party.ts";

/** `over`: closed, or its time has passed. */
type State = "open" | "over" | "paid";

/** A payment as its buyer sees it. `code`: what a phone scans, or a shop's page hands to the provider's app. */
export type Shown = {
  reference: string;
  about?: string | undefined;
  amount: number;
  currency: string;
  state: State;
  givenBack?: number;
  /** The last dispute of it. */
  disputed?: { state: string; isOpen: boolean } | undefined;
  code?: string | undefined;
  returnUrl?: string | undefined;
};

/** A button: when it is shown, and what it does. It gives what the buyer is told; `false`: it can't be done any more. */
type Act = { label: string; when: (shown: Shown) => boolean; does: (reference: string) => boolean | string };

type Desk = {
  provider: string;
  /** All payments, the newest last. */
  payments: () => readonly Shown[];
  acts: Readonly<Record<string, Act>>;
};

const LISTED = 50;

const isIn =
  (state: State) =>
  (shown: Shown): boolean =>
    shown.state === state;
const isDisputed = ({ disputed }: Shown): boolean => disputed?.isOpen === true;

/** The buttons that every provider has. */
export const buyersActs = (does: {
  pay: (reference: string) => boolean;
  payLate: (reference: string) => boolean;
}): Record<string, Act> => ({
  pay: { label: "Pay", when: isIn("open"), does: does.pay },
  refuse: {
    label: "Refuse",
    when: isIn("open"),
    does: () => "Not paid. The shop hears nothing of that: the order waits until its time is over, or is cancelled.",
  },
  pay_late: { label: "Pay all the same, too late", when: isIn("over"), does: does.payLate },
});

/** The buttons by which a payer goes to the bank, and the bank decides. */
export const banksActs = (does: {
  dispute: (reference: string) => unknown;
  decide: (reference: string, isForShop: boolean) => void;
}): Record<string, Act> => ({
  dispute: {
    label: "Dispute it at the bank",
    when: (shown) => shown.state === "paid" && !isDisputed(shown),
    does: (reference) => {
      does.dispute(reference);
      return "The bank has taken the money from the shop, and a fee.";
    },
  },
  shop_wins: {
    label: "The bank decides for the shop",
    when: isDisputed,
    does: (reference) => {
      does.decide(reference, true);
      return "The shop gets the money again.";
    },
  },
  buyer_wins: {
    label: "The bank decides for the buyer",
    when: isDisputed,
    does: (reference) => {
      does.decide(reference, false);
      return "The buyer keeps the money.";
    },
  },
});

/** Answers browsers and people. Undefined: the call is none of theirs. */
export function payPages({ provider, payments, acts }: Desk) {
  const find = (reference: string): Shown | undefined => payments().findLast((one) => one.reference === reference);

  /** The page of one payment. */
  function page(reference: string, told = ""): Reply {
    const shown = find(reference);
    if (shown === undefined) return { status: 404, text: "There is no such payment." };
    const buttons = Object.entries(acts)
      .filter(([, { when }]) => when(shown))
      .map(([name, { label }]) => `<button name="act" value="${name}">${label}</button>`);
    const { returnUrl } = shown;
    return document(provider, [
      `<h1>${money(shown)}</h1>`,
      `<p>${escaped(shown.about ?? "")}</p>`,
      `<p class="state">${stateOf(shown)}</p>`,
      told === "" ? "" : `<p class="told">${escaped(told)}</p>`,
      `<form method="post" action="/pay/${encodeURIComponent(reference)}">${buttons.join(" ")}</form>`,
      returnUrl === undefined ? "" : `<p><a href="${escaped(returnUrl)}">Back to the shop</a></p>`,
      `<p class="small">${escaped(reference)} · <a href="/">all payments</a></p>`,
    ]);
  }

  function list(): Reply {
    const rows = payments()
      .slice(-LISTED)
      .toReversed()
      .map(
        (one) =>
          `<li><a href="/pay/${encodeURIComponent(one.reference)}">${money(one)}</a> ${escaped(one.about ?? "")} · ${stateOf(one)}</li>`,
      );
    return document(provider, [
      "<h1>Payments</h1>",
      `<form method="post" action="/scan"><input name="code" placeholder="a code to scan, or to open in the app"> <button>Scan</button></form>`,
      rows.length === 0 ? "<p>Nobody was asked to pay yet.</p>" : `<ul>${rows.join("")}</ul>`,
    ]);
  }

  function act(call: Call, reference: string, name: string): Reply {
    const [shown, wanted] = [find(reference), acts[name]];
    if (shown === undefined) return { status: 404, text: "There is no such payment." };
    const done = wanted?.when(shown) === true && wanted.does(reference);
    if (!isBrowser(call)) return { status: done === false ? 409 : 200, body: find(reference) };
    if (done === false) return page(reference, "That can't be done any more.");
    // A person who loads the page again must not pay again.
    return done === true
      ? { status: 303, text: "", headers: { location: `/pay/${encodeURIComponent(reference)}` } }
      : page(reference, done);
  }

  function scan(call: Call): Reply {
    const code = new URLSearchParams(call.body).get("code")?.trim();
    const shown = code === undefined ? undefined : payments().findLast((one) => one.code === code);
    if (shown === undefined) return { status: 404, text: "There is no such code." };
    const location = `/pay/${encodeURIComponent(shown.reference)}`;
    return isBrowser(call) ? { status: 303, text: "", headers: { location } } : act(call, shown.reference, "pay");
  }

  return {
    page,
    answer(call: Call): Reply | undefined {
      const { method, url, body } = call;
      if (url.pathname === "/") return list();
      if (url.pathname === "/scan" && method === "POST") return scan(call);
      const [, reference = ""] = /^\/pay\/([^/]+)$/.exec(url.pathname) ?? [];
      if (reference === "") return undefined;
      if (method === "GET") return page(decodeURIComponent(reference));
      const name = new URLSearchParams(body).get("act");
      return name === null ? undefined : act(call, decodeURIComponent(reference), name);
    },
  };
}

const isBrowser = ({ headers }: Call): boolean => headers.accept?.includes("text/html") === true;

const money = ({ amount, currency }: Shown): string => escaped(moneyText({ amount, currency }));

const STATES: Readonly<Record<State, string>> = {
  open: "waits to be paid",
  over: "closed, or too late",
  paid: "paid",
};

function stateOf(shown: Shown): string {
  const { state, givenBack = 0, disputed, currency } = shown;
  const back = givenBack === 0 ? "" : `, given back: ${money({ ...shown, amount: givenBack, currency })}`;
  return escaped(`${STATES[state]}${back}${disputed === undefined ? "" : `, disputed: ${disputed.state}`}`);
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#222}h1{font-size:1.6rem}button{font:inherit;padding:.5rem 1rem}.told{background:#ffd;padding:.5rem}.small,header{color:#666;font-size:.85rem}";

const document = (provider: string, parts: readonly string[]): Reply => ({
  status: 200,
  text: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${provider}, simulated</title><link rel="icon" href="data:,"><style>${STYLE}</style><header>${provider}, simulated: no money moves</header>${parts.join("\n")}</html>`,
  headers: { "content-type": "text/html; charset=utf-8" },
});
